package io.basedisk.app;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.inject.Inject;

/**
 * Check whether a file is one of a home's own. A program that writes files should check first: a
 * change of a home's own file, or an image over one, is unknown to the store. Thread-safe.
 */
public final class ManagedFiles {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;

  @Inject
  ManagedFiles(HomeLayout home, BaseDiskStore store, DiskFiles files) {
    this.home = home;
    this.store = store;
    this.files = files;
  }

  /**
   * {@return the role of a file in this home, as a clause for a message: {@code /d/disk.qcow2 is a
   * disk of box web-1}} Empty if it is not one of the home's files.
   *
   * @param file path of the file, which need not exist; its directory must exist
   * @throws io.basedisk.domain.error.NotFoundException if its directory does not exist
   */
  public Optional<String> describe(Path file) {
    Path directory = files.realPath(directoryOf(file));
    return describeReal(realPath(file).orElseGet(() -> directory.resolve(file.getFileName())));
  }

  /**
   * Checks that files are not this home's own.
   *
   * @param candidates paths of the files, which may be links and need not exist; their directories
   *     must exist
   * @throws RefusedException if a file is the home's own
   * @throws io.basedisk.domain.error.NotFoundException if a directory does not exist
   */
  public void requireNone(Iterable<Path> candidates) {
    for (Path file : candidates) {
      describe(file)
          .ifPresent(
              what -> {
                throw new RefusedException("cannot use " + file + ": " + what);
              });
    }
  }

  /** {@return the real path of a file; empty if the file does not exist} */
  private Optional<Path> realPath(Path file) {
    try {
      return Optional.of(files.realPath(file));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private Optional<String> describeReal(Path file) {
    if (home.isInBases(file)) {
      return Optional.of(file + " is in the bases directory of the home " + home.home());
    }
    if (file.startsWith(home.db())) {
      return Optional.of(file + " is in the store of the home " + home.home());
    }
    return store.read(view -> view.boxes().list()).stream()
        .filter(box -> isDiskOf(box, file))
        .findFirst()
        .map(box -> file + " is a disk of box " + box.id());
  }

  private boolean isDiskOf(Box box, Path file) {
    return Arrays.stream(DiskSlot.values())
        .map(box::disk)
        .anyMatch(disk -> disk.equals(file) || isLinkTo(file, disk));
  }

  private boolean isLinkTo(Path file, Path disk) {
    try {
      return files
              .status(disk)
              .filter(status -> status.type() == FileType.SYMBOLIC_LINK)
              .isPresent()
          && files.realPath(disk).equals(file);
    } catch (StorageException | NotFoundException leadsNowhere) {
      // For example a link to itself, which is not one of the home's files.
      return false;
    }
  }

  private static Path directoryOf(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    return directory == null ? file : directory;
  }
}
