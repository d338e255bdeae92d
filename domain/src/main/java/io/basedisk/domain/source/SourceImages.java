package io.basedisk.domain.source;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Guards;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** The images whose content operations take in: what they are, and that nobody writes to them. */
public final class SourceImages {

  private static final int SECTOR = 512;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final RegisteredDisks disks;

  @Inject
  SourceImages(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      RegisteredDisks disks) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
    this.disks = disks;
  }

  /** An image of which nobody can start to write to any file, if they keep to the locks. */
  public record Guarded(SourceImage image, Guards guards) implements AutoCloseable {
    @Override
    public void close() {
      guards.close();
    }
  }

  /**
   * Finds the files of an image and guards them. Under a disk or a base of this home its bases are
   * allowed, by what the store records.
   *
   * @throws RefusedException if somebody writes to one of them; a {@link BusyException} if it is a
   *     disk on which an operation is under way
   * @throws io.basedisk.domain.error.BaseDiskException also as {@link DiskImages#inspect}
   */
  public Guarded open(ImageSource named) {
    Recorded recorded = recordedOf(named.file());
    boolean isFirst = true;
    while (true) {
      ImageSource source = named.allowing(recorded.bases());
      try {
        SourceImage image = images.inspect(source);
        requireRecorded(named, image, recorded);
        return guard(source, image);
      } catch (InvalidImageException e) {
        // An operation on the disk may be between the file and the record, or may have ended, with
        // or without a change, since either was looked at.
        Recorded now = recordedOf(named.file());
        if (now.worker().isPresent()) {
          throw new BusyException(named.file().toString(), now.worker().get().value());
        }
        if (!isFirst && now.equals(recorded)) {
          throw e;
        }
        isFirst = false;
        recorded = now;
      }
    }
  }

  /**
   * What the store records of an image at one instant.
   *
   * @param file its real path
   * @param bases the files of the bases below it, the nearest first
   * @param worker an operation on the box whose disk it is
   */
  private record Recorded(Path file, ImmutableList<Path> bases, Optional<OperationId> worker) {}

  /**
   * Checks that an image stands on the recorded bases in the recorded order. The caller may allow
   * other files, and vouches for those.
   */
  private void requireRecorded(ImageSource named, SourceImage image, Recorded recorded) {
    if (!image.files().get(0).path().equals(recorded.file())) {
      throw new InvalidImageException(
          named.file() + ": leads to another file than before: a link on the way was changed");
    }
    if (recorded.bases().isEmpty() || !named.allowed().isEmpty()) {
      return;
    }
    ImmutableList<Path> below =
        image.files().stream()
            .skip(1)
            .map(SourceImage.Layer::path)
            .collect(ImmutableList.toImmutableList());
    if (!below.equals(recorded.bases())) {
      throw new InvalidImageException(
          named.file()
              + ": stands on other bases than are recorded for it; was the header rewritten?");
    }
  }

  private Guarded guard(ImageSource source, SourceImage image) {
    if (image.virtualSize() < SECTOR) {
      throw new InvalidImageException(source.file() + ": holds no disk: it is empty");
    }
    Guards guards =
        Guards.of(
            imageLocks,
            image.files().stream()
                .map(SourceImage.Layer::path)
                .collect(ImmutableList.toImmutableList()));
    // Whoever reads it looks whether it is still made up of these files: before the guard, one may
    // have been renamed.
    return new Guarded(image, guards);
  }

  /** Returns what an image is that an operation has made in the bases directory. */
  public SourceImage inspectNewBase(Path image, @Nullable BaseDiskId parent) {
    ImageSource source = new ImageSource(image, ImageFormat.QCOW2, ImmutableSet.of());
    return images.inspect(source.allowing(store.read(view -> Ancestry.filesFrom(view, parent))));
  }

  private Recorded recordedOf(Path image) {
    Path directory = image.getParent();
    Path disksDir = directory == null ? null : files.realPath(directory);
    if (disksDir != null) {
      refuseOddDisk(disksDir, image.getFileName());
    }
    Path real = files.realPath(image);
    refuseLinkToDisk(image, real);
    // Of the file itself: to look up its directory again could be to find another one.
    Path holder = real.getParent();
    return store.read(
        view -> {
          Optional<BaseDisk> base = home.baseIdOf(real).flatMap(view.bases()::find);
          if (base.isPresent()) {
            return new Recorded(
                real, Ancestry.filesFrom(view, base.get().parentId()), Optional.empty());
          }
          return holder == null
              ? new Recorded(real, ImmutableList.of(), Optional.empty())
              : new Recorded(
                  real,
                  Ancestry.filesFrom(view, baseOfDisk(view, holder, real.getFileName())),
                  workerOn(view, holder));
        });
  }

  /**
   * The path of a registered disk has no link in it. If it leads elsewhere, the owner of a
   * directory on the way has put a link there, to a file that he can't read and the caller can.
   */
  private void refuseLinkToDisk(Path image, Path real) {
    Path recorded = image.normalize();
    if (!real.equals(recorded)
        && store.read(view -> view.boxes().findByDisk(recorded)).isPresent()) {
      throw new RefusedException(
          image + ": is the disk of a box, and leads to " + real + " by a symbolic link",
          new Remedy.PutDiskInPlace(image));
    }
  }

  /** A link at a disk's path leads to what its owner can't read, and the caller can. */
  private void refuseOddDisk(Path disksDir, Path name) {
    store.read(view -> view.boxes().findByDisksDir(disksDir)).stream()
        .flatMap(box -> Stream.of(DiskSlot.values()).map(box::disk))
        .filter(disk -> disk.endsWith(name))
        .forEach(disks::requireFile);
  }

  private static Optional<OperationId> workerOn(StoreView view, Path disksDir) {
    return view.intents().list().stream()
        .filter(intent -> intent.boxes().stream().anyMatch(box -> box.disksDir().equals(disksDir)))
        .map(Intent::id)
        .findFirst();
  }

  private static @Nullable BaseDiskId baseOfDisk(StoreView view, Path disksDir, Path name) {
    Optional<Box> box = view.boxes().findByDisksDir(disksDir);
    for (DiskSlot slot : DiskSlot.values()) {
      if (box.isPresent() && box.get().disk(slot).endsWith(name)) {
        return Ancestry.baseOf(view, box.get().id(), slot).orElse(null);
      }
    }
    return null;
  }
}
