package io.basedisk.domain.base;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Which base a disk stands on, by its header and by the store, which have to agree. The owner of a
 * disk may write anything into its header, another user's file among it: what is not recorded is
 * not opened.
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
   * Returns the base that a disk's header names as its backing file, which may not be recorded yet:
   * a fork may be about to. Empty if it names none.
   *
   * @throws UnallowedFileException if it names a file that is no base
   * @throws NotFoundException if the file is not there
   * @throws InvalidImageException if it names what is not the path of a file
   */
  public Optional<BaseDiskId> namedBase(Path disk, ImageHeader header) {
    BackingFile backing = header.backing();
    if (backing == null) {
      return Optional.empty();
    }
    Path named = BackingChains.resolve(disk, backing.name());
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
   * Checks that the store records for a box's disk the base that its header names. For a
   * transaction that claims the disk.
   *
   * @throws InvalidImageException if it records another one, or none
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
              + ", recorded is "
              + recorded.map(base -> "base " + base).orElse("none")
              + "; was the header rewritten?");
    }
  }
}
