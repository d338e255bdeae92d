package io.basedisk.domain.base;

import io.basedisk.domain.chain.BackingNames;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Tells which base a disk backs onto. The disk's header and the store must agree. A disk's owner
 * can write any name into its header, even another user's file, so a file without a record is not
 * opened.
 */
public final class DiskLineage {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;

  @Inject
  DiskLineage(HomeLayout home, BaseDiskStore store, DiskFiles files) {
    this.home = home;
    this.store = store;
    this.files = files;
  }

  /**
   * {@return the base that a disk's header names as its backing file; empty if it names none} The
   * base may have no record yet, while a fork is under way.
   *
   * @param disk the path of the disk
   * @param header the disk's header
   * @throws UnallowedFileException if it names a file that is not a base
   * @throws NotFoundException if the file is missing
   * @throws InvalidImageException if it names what is not the path of a file
   */
  public Optional<BaseDiskId> namedBase(Path disk, ImageHeader header) {
    BackingFile backing = header.backing();
    if (backing == null) {
      return Optional.empty();
    }
    Path named = BackingNames.resolve(disk, backing.name());
    Path real = realPath(disk, named);
    return Optional.of(
        home.baseIdOf(real)
            .or(() -> store.read(view -> view.bases().findByPath(real)).map(BaseDisk::id))
            .orElseThrow(() -> new UnallowedFileException(disk, real)));
  }

  private Path realPath(Path disk, Path named) {
    try {
      return files.realPath(named);
    } catch (NotFoundException e) {
      throw new NotFoundException(
          disk + ": its backing file " + named + " is missing", new Remedy.BringFileBack(named), e);
    }
  }

  /**
   * {@return the unfinished fork that will record {@code base}, which {@code disk} backs onto;
   * empty if the base is recorded}
   */
  Optional<OperationId> unsettledMakerOf(BaseDiskId base, Path disk) {
    return store.read(
        view -> {
          if (view.bases().find(base).isPresent()) {
            return Optional.empty();
          }
          return Optional.of(
              view.intents().list().stream()
                  .filter(intent -> plans(intent, base))
                  .map(Intent::id)
                  .findFirst()
                  .orElseThrow(() -> unrecorded(base, disk)));
        });
  }

  private static boolean plans(Intent intent, BaseDiskId base) {
    return intent.plannedBase().filter(planned -> planned.id().equals(base)).isPresent();
  }

  private RefusedException unrecorded(BaseDiskId base, Path disk) {
    return new RefusedException(
        disk + ": backs onto " + home.baseFile(base) + ", which has no record");
  }

  /**
   * Checks that the store records for a box's disk the base that its header names. For a
   * transaction that claims the disk.
   *
   * @param view the store
   * @param box the disk's box
   * @param slot the disk
   * @param disk the path of the disk
   * @param named the base that the header names; null for none
   * @throws InvalidImageException if the store records another one, or none
   */
  public static void requireRecorded(
      StoreView view, BoxId box, DiskSlot slot, Path disk, @Nullable BaseDiskId named) {
    Optional<BaseDiskId> recorded =
        view.references().listOf(box).stream()
            .filter(reference -> reference.slot() == slot)
            .map(Reference::base)
            .findFirst();
    if (!recorded.equals(Optional.ofNullable(named))) {
      throw new InvalidImageException(
          disk
              + ": its header names "
              + (named == null ? "no base" : "base " + named)
              + ", but its record says "
              + recorded.map(base -> "base " + base).orElse("none")
              + "; was the header rewritten?");
    }
  }
}
