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
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Opens images for import: finds the files of their chains, and guards them against writers. */
public final class SourceImages {

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

  /**
   * An image whose files are guarded: a program with QEMU's image locks can't start to write to
   * them.
   *
   * @param image the image
   * @param guards the guards of its files
   */
  public record Guarded(SourceImage image, Guards guards) implements AutoCloseable {
    @Override
    public void close() {
      guards.close();
    }
  }

  /**
   * Finds the files of an image and guards them. For a disk or base of this home, the recorded
   * bases below it are allowed too.
   *
   * @param named the image, and the files that the caller allows
   * @return the guarded image, for the caller to close
   * @throws RefusedException if a process writes to one of the files; a {@link BusyException} if
   *     the image is a box's disk and an operation on it is running
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
        // An operation may have changed the disk but not the records yet, or may have ended between
        // the two reads.
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
   * The records of an image in one state of the store.
   *
   * @param file real path of the image
   * @param bases files of the bases below the image, top first
   * @param worker an operation on the box, if the image is a box's disk
   */
  private record Recorded(Path file, ImmutableList<Path> bases, Optional<OperationId> worker) {}

  /**
   * Checks that the image's chain has the recorded bases in the recorded order. If the caller
   * allows files, no bases are required.
   */
  private void requireRecorded(ImageSource named, SourceImage image, Recorded recorded) {
    if (!image.files().get(0).path().equals(recorded.file())) {
      throw new InvalidImageException(
          named.file()
              + ": leads to another file than before; was a symbolic link in the path changed?");
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
              + ": backs onto other bases than the store records for it; was the header"
              + " rewritten?");
    }
  }

  private Guarded guard(ImageSource source, SourceImage image) {
    if (image.virtualSize() < ByteSize.SECTOR) {
      throw new InvalidImageException(source.file() + ": holds no disk: it is empty");
    }
    Guards guards =
        Guards.of(
            imageLocks,
            image.files().stream()
                .map(SourceImage.Layer::path)
                .collect(ImmutableList.toImmutableList()));
    // A file may have been renamed before its guard. Readers check that the chain still has these
    // files.
    return new Guarded(image, guards);
  }

  /**
   * Inspects an image that an operation has created in the bases directory.
   *
   * @param image path of the image
   * @param parent id of the base below it; null for none
   * @return the files of its chain
   */
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
    // Use the directory of the real path: a second look-up of the directory could find another one.
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
                  operationOn(view, holder));
        });
  }

  /**
   * Refuses the path of a registered disk that leads elsewhere. A recorded path has no symbolic
   * links, so the owner of a directory has added one, perhaps to a file that only the caller can
   * read.
   */
  private void refuseLinkToDisk(Path image, Path real) {
    Path recorded = image.normalize();
    if (!real.equals(recorded)
        && store.read(view -> view.boxes().findByDisk(recorded)).isPresent()) {
      throw new RefusedException(
          image + ": is the path of a box's disk, but leads to " + real + " by a symbolic link",
          new Remedy.PutDiskInPlace(image));
    }
  }

  /**
   * Refuses a disk that is a symbolic link, which may lead to a file that only the caller can read.
   */
  private void refuseOddDisk(Path disksDir, Path name) {
    store.read(view -> view.boxes().findByDisksDir(disksDir)).stream()
        .flatMap(box -> Stream.of(DiskSlot.values()).map(box::disk))
        .filter(disk -> disk.endsWith(name))
        .forEach(disks::requireFile);
  }

  private static Optional<OperationId> operationOn(StoreView view, Path disksDir) {
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
