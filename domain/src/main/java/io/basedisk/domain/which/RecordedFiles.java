package io.basedisk.domain.which;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.which.RecordedFile.Way;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Finds the record of a file: by its path, else by its inode. Changes nothing. Thread-safe. */
public final class RecordedFiles {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;

  @Inject
  RecordedFiles(HomeLayout home, BaseDiskStore store, DiskFiles files, DiskImages images) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
  }

  /**
   * {@return the record of a file} A look-up by path takes two queries. If no record has the path,
   * the status of every recorded file is read.
   *
   * @param file path of the file, which may be a link, or the path of a disk that does not exist
   * @throws NotFoundException if no disk of a box and no base is there; the message says what is
   */
  public RecordedFile get(Path file) {
    Path named = nameOf(file);
    Optional<RecordedFile> recorded = findByPath(named, Way.RECORDED_PATH);
    if (recorded.isPresent()) {
      return recorded.get();
    }
    FileStatus status =
        files.status(named).orElseThrow(() -> new NotFoundException(named + ": no such file"));
    boolean isLink = status.type() == FileType.SYMBOLIC_LINK;
    Path real = isLink ? targetOf(named) : named;
    return Optional.of(real)
        .filter(target -> isLink)
        .flatMap(target -> findByPath(target, Way.SYMBOLIC_LINK))
        .or(() -> findByInode(real, isLink ? Way.SYMBOLIC_LINK : Way.OTHER_NAME))
        .orElseThrow(() -> new NotFoundException(named + ": " + describe(real, isLink)));
  }

  /**
   * {@return the path with all links resolved but the last: the file itself may be a link} Its
   * directory must exist.
   */
  private Path nameOf(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = file.toAbsolutePath().getParent();
    Path name = absolute.getFileName();
    return directory == null || name == null || !file.endsWith(name)
        ? files.realPath(file)
        : files.realPath(directory).resolve(name);
  }

  private Path targetOf(Path link) {
    try {
      return files.realPath(link);
    } catch (NotFoundException dangling) {
      throw new NotFoundException(
          link + ": is a symbolic link to a file that does not exist", dangling);
    }
  }

  private Optional<RecordedFile> findByPath(Path path, Way way) {
    return store.read(
        view ->
            view.boxes()
                .findByDisk(path)
                .map(box -> ofBox(box, slotOf(box, path), way))
                .or(() -> view.bases().findByPath(path).map(base -> ofBase(base, way))));
  }

  private static DiskSlot slotOf(Box box, Path disk) {
    return Stream.of(DiskSlot.values())
        .filter(slot -> box.disk(slot).equals(disk))
        .findFirst()
        .orElseThrow();
  }

  private static RecordedFile ofBox(Box box, DiskSlot slot, Way way) {
    return new RecordedFile.OfBox(box.id(), slot, box.disk(slot), way);
  }

  private static RecordedFile ofBase(BaseDisk base, Way way) {
    return new RecordedFile.OfBase(base.id(), base.diskInfo().basePath(), way);
  }

  private Optional<RecordedFile> findByInode(Path file, Way way) {
    Optional<FileIdentity> identity =
        files.status(file).filter(FileStatus::isRegularFile).map(FileStatus::identity);
    return identity.flatMap(wanted -> findDisk(wanted, way).or(() -> findBase(wanted, way)));
  }

  private Optional<RecordedFile> findDisk(FileIdentity wanted, Way way) {
    ImmutableList<Box> boxes = boxesAfter(null);
    while (!boxes.isEmpty()) {
      for (Box box : boxes) {
        for (DiskSlot slot : DiskSlot.values()) {
          if (isFile(box.disk(slot), wanted)) {
            return Optional.of(ofBox(box, slot, way));
          }
        }
      }
      boxes = boxesAfter(boxes.get(boxes.size() - 1).id());
    }
    return Optional.empty();
  }

  private Optional<RecordedFile> findBase(FileIdentity wanted, Way way) {
    ImmutableList<BaseDisk> bases = basesAfter(null);
    while (!bases.isEmpty()) {
      for (BaseDisk base : bases) {
        if (isFile(base.diskInfo().basePath(), wanted)) {
          return Optional.of(ofBase(base, way));
        }
      }
      bases = basesAfter(bases.get(bases.size() - 1).id());
    }
    return Optional.empty();
  }

  private ImmutableList<Box> boxesAfter(@Nullable BoxId last) {
    return store.read(view -> view.boxes().listAfter(last, BaseDiskStore.BATCH));
  }

  private ImmutableList<BaseDisk> basesAfter(@Nullable BaseDiskId last) {
    return store.read(view -> view.bases().listAfter(last, BaseDiskStore.BATCH));
  }

  /** {@return whether a path is that file} A file out of reach is another one. */
  private boolean isFile(Path path, FileIdentity wanted) {
    try {
      return files.status(path).filter(status -> status.identity().equals(wanted)).isPresent();
    } catch (BaseDiskException outOfReach) {
      return false;
    }
  }

  // Files without a record.

  private String describe(Path file, boolean isLink) {
    return (isLink ? "is a symbolic link to " + file + ", which " : "")
        + typeOf(file)
        + placeOf(file);
  }

  private String typeOf(Path file) {
    FileStatus status = files.getStatus(file);
    if (!status.isRegularFile()) {
      return "is " + status.type().describe();
    }
    try {
      images.readHeader(file);
      return "is a qcow2 image";
    } catch (BaseDiskException notReadable) {
      return "is a file, and no readable qcow2 image";
    }
  }

  private String placeOf(Path file) {
    if (home.isInBases(file) || file.startsWith(home.boxes())) {
      return " in the home, and no record names it";
    }
    return file.startsWith(home.home())
        ? " in the home, and no base and no disk of a box"
        : " outside the home " + home.home() + ", and no record names it";
  }
}
