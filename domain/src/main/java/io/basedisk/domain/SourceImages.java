package io.basedisk.domain;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.Guards;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The images whose content operations take in: what they are, and that nobody writes to them. */
final class SourceImages {

  private static final int SECTOR = 512;

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;
  private final RegisteredDisks disks;

  SourceImages(Ports ports) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.imageLocks = ports.imageLocks();
    this.disks = new RegisteredDisks(ports);
  }

  /** An image of which nobody can start to write to any file, if they keep to the locks. */
  record Guarded(SourceImage image, Guards guards) implements AutoCloseable {
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
  Guarded open(ImageSource named) {
    Recorded recorded = recordedOf(named.file());
    boolean isFirst = true;
    while (true) {
      ImageSource source = named.allowing(recorded.bases());
      try {
        return guard(source, images.inspect(source));
      } catch (UnallowedFileException e) {
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
   * @param bases the files of the bases below it
   * @param worker an operation on the box whose disk it is
   */
  private record Recorded(ImmutableSet<Path> bases, Optional<OperationId> worker) {}

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
  SourceImage inspectNewBase(Path image, @Nullable BaseDiskId parent) {
    ImageSource source = new ImageSource(image, ImageFormat.QCOW2, ImmutableSet.of());
    return images.inspect(source.allowing(store.read(view -> chainOf(view, parent))));
  }

  private Recorded recordedOf(Path image) {
    Path directory = image.getParent();
    Path disksDir = directory == null ? null : files.realPath(directory);
    if (disksDir != null) {
      refuseOddDisk(disksDir, image.getFileName());
    }
    Path real = files.realPath(image);
    return store.read(
        view -> {
          Optional<BaseDisk> base = home.baseIdOf(real).flatMap(view::findBase);
          if (base.isPresent()) {
            return new Recorded(chainOf(view, base.get().parentId()), Optional.empty());
          }
          return disksDir == null
              ? new Recorded(ImmutableSet.of(), Optional.empty())
              : new Recorded(
                  chainOf(view, baseOfDisk(view, disksDir, image.getFileName())),
                  workerOn(view, disksDir));
        });
  }

  /** A link at a disk's path leads to what its owner can't read, and the caller can. */
  private void refuseOddDisk(Path disksDir, Path name) {
    store.read(view -> view.findBoxByDisksDir(disksDir)).stream()
        .flatMap(box -> Stream.of(DiskSlot.values()).map(box::disk))
        .filter(disk -> disk.endsWith(name))
        .forEach(disks::requireFile);
  }

  private static Optional<OperationId> workerOn(StoreView view, Path disksDir) {
    return view.listIntents().stream()
        .filter(intent -> intent.boxes().stream().anyMatch(box -> box.disksDir().equals(disksDir)))
        .map(Intent::id)
        .findFirst();
  }

  private static @Nullable BaseDiskId baseOfDisk(StoreView view, Path disksDir, Path name) {
    Optional<Box> box = view.findBoxByDisksDir(disksDir);
    for (DiskSlot slot : DiskSlot.values()) {
      if (box.isPresent() && box.get().disk(slot).endsWith(name)) {
        return view.referencesOf(box.get().id()).stream()
            .filter(reference -> reference.slot() == slot)
            .map(Reference::base)
            .findFirst()
            .orElse(null);
      }
    }
    return null;
  }

  private static ImmutableSet<Path> chainOf(StoreView view, @Nullable BaseDiskId top) {
    ImmutableSet.Builder<Path> paths = ImmutableSet.builder();
    Set<BaseDiskId> visited = new LinkedHashSet<>();
    Optional<BaseDisk> base = Optional.ofNullable(top).flatMap(view::findBase);
    while (base.isPresent() && visited.add(base.get().id())) {
      paths.add(base.get().diskInfo().basePath());
      base = Optional.ofNullable(base.get().parentId()).flatMap(view::findBase);
    }
    return paths.build();
  }
}
