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
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
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

  public DiskLineage(Ports ports) {
    this.home = ports.home();
    this.store = ports.store();
    this.files = ports.files();
  }

  /**
   * Returns the base that a disk's header names as its backing file; empty if it names none. The
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
   * Checks that the store records the base that a disk's header names. For a transaction that
   * claims the disk.
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
