package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableMultiset;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.protocol.Temporaries;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Finds the boxes in the home, and those elsewhere whose directories the user names. */
final class BoxSearch {

  private static final String DISKS = "disks";
  private static final String RECOVERED = "recovered-";

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final BaseSearch.Found bases;
  private final Omissions omissions;
  private final UnaryOperator<Instant> recordable;
  private final Map<BoxId, FoundBox> found = new TreeMap<>();
  private final Map<FileIdentity, Path> disks = new HashMap<>();

  /**
   * Creates a search.
   *
   * @param bases the result of the search for bases
   * @param omissions gets what is left out
   * @param recordable limits a file's time to what a record may have
   */
  BoxSearch(
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      BaseSearch.Found bases,
      Omissions omissions,
      UnaryOperator<Instant> recordable) {
    this.home = home;
    this.files = files;
    this.images = images;
    this.bases = bases;
    this.omissions = omissions;
    this.recordable = recordable;
  }

  /**
   * {@return the boxes, ordered by name}
   *
   * @param disksDirs disks directories outside the home
   * @throws io.basedisk.domain.error.NotFoundException if one of them does not exist
   * @throws InvalidArgumentException if one of them can't be a disks directory
   */
  ImmutableList<FoundBox> run(Collection<Path> disksDirs) {
    Set<Path> elsewhere = new LinkedHashSet<>();
    disksDirs.forEach(directory -> elsewhere.add(checked(directory)));
    // A directory with a number belongs to a box whose usual directory was taken, so the box in
    // that
    // directory gets the name.
    for (Path directory :
        ImmutableList.sortedCopyOf(
            Comparator.comparing(HomeLayout::isNumbered).thenComparing(Comparator.naturalOrder()),
            files.list(home.boxes()))) {
      guarded(directory, () -> examineInHome(directory, elsewhere));
    }
    for (Path directory : elsewhere) {
      guarded(directory, () -> examine(directory, () -> nameOf(directory)));
    }
    return ImmutableList.copyOf(found.values());
  }

  /** {@return the box's disk with that identity; empty if there is none} */
  Optional<Path> diskThatIs(FileIdentity file) {
    return Optional.ofNullable(disks.get(file));
  }

  private Path checked(Path directory) {
    Path real = files.realPath(directory);
    if (!isDirectory(real)) {
      throw new InvalidArgumentException(directory + ": is not a directory");
    }
    if (real.startsWith(home.bases())
        || real.startsWith(home.db())
        || home.home().startsWith(real)) {
      throw new InvalidArgumentException(directory + ": can't be the disks directory of a box");
    }
    return real;
  }

  /** Examines a box. A failure leaves out this box and does not stop the search. */
  private void guarded(Path directory, Runnable examination) {
    InterruptedOperationException.throwIfInterrupted(
        () -> home.boxes() + ": the search for boxes was interrupted");
    try {
      examination.run();
    } catch (BaseDiskException fault) {
      omissions.leaveOut(directory, fault);
      omissions.needsAny();
    }
  }

  private void examineInHome(Path directory, Set<Path> elsewhere) {
    if (!isDirectory(directory)) {
      omissions.leaveOut(directory, "it is not a directory, so it is not a box");
      return;
    }
    Path disksDir = directory.resolve(DISKS);
    Optional<BoxId> name = HomeLayout.firstNameOf(directory);
    if (name.isPresent() && isDirectory(disksDir)) {
      elsewhere.remove(disksDir);
      examine(disksDir, () -> found.containsKey(name.get()) ? newName() : name.get());
    } else if (!elsewhere.contains(disksDir)) {
      if (Temporaries.operationOf(directory).isPresent()) {
        omissions.leaveOut(directory, "it is a temporary file of an operation");
      } else if (name.isEmpty()) {
        omissions.leaveOut(
            directory, "its name is not that of a box", new Remedy.NameDisksDirectory(disksDir));
      } else {
        omissions.leaveOut(
            directory, "it has no directory " + DISKS + "; is its file system mounted?");
      }
      needsOf(directory);
    }
  }

  /** Adds the bases that the images of a left-out directory need. */
  private void needsOf(Path directory) {
    Path disksDir = directory.resolve(DISKS);
    ImmutableList<Path> images =
        isDirectory(disksDir) ? files.list(disksDir) : files.list(directory);
    if (images.isEmpty()) {
      omissions.needsAny();
    }
    images.forEach(image -> omissions.needs(bases.backings().chainOf(image)));
  }

  /** Names a box. Called only if the box is recorded, because the name may be made up. */
  private interface Name {
    BoxId get();
  }

  private void examine(Path disksDir, Name name) {
    ImmutableMap.Builder<DiskSlot, ChainToBases> below = ImmutableMap.builder();
    Map<Path, FileIdentity> own = new HashMap<>();
    Map<Path, DiskSlot> slots = new HashMap<>();
    for (DiskSlot slot : DiskSlot.values()) {
      slots.put(disksDir.resolve(slot.fileName()), slot);
    }
    boolean isBox = false;
    ImmutableList<Path> content = ImmutableList.sortedCopyOf(files.list(disksDir));
    ImmutableMultiset<FileIdentity> temporaries = temporariesAmong(content);
    for (Path file : content) {
      DiskSlot slot = slots.get(file);
      FileStatus status = files.status(file).orElse(null);
      if (status == null) {
        continue;
      }
      if (slot == null) {
        noteOther(file, status);
      } else if (isUsable(file, status, temporaries)) {
        below.put(slot, bases.backings().chainOf(file));
        own.put(file, status.identity());
        isBox |= slot == DiskSlot.CONTAINER;
      }
    }
    ImmutableMap<DiskSlot, ChainToBases> chains = below.buildOrThrow();
    if (isBox) {
      own.forEach((file, identity) -> disks.put(identity, file));
      Box box = Box.found(home, name.get(), disksDir, createdAt(disksDir));
      found.put(box.id(), new FoundBox(box, chains));
    } else {
      noteMissing(disksDir, chains);
    }
  }

  /** Leaves out a directory without disks. Damaged disks have been reported before. */
  private void noteMissing(Path disksDir, ImmutableMap<DiskSlot, ChainToBases> chains) {
    String disk = DiskSlot.CONTAINER.fileName();
    if (files.status(disksDir.resolve(disk)).isEmpty()) {
      omissions.leaveOut(disksDir, "it has no " + disk + "; is its file system mounted?");
    }
    chains.values().forEach(omissions::needs);
    omissions.needsAny();
  }

  private void noteOther(Path file, FileStatus status) {
    if (Temporaries.operationOf(file).isPresent()) {
      omissions.leaveOut(file, "it is a temporary file of an operation");
    }
    if (status.isRegularFile() && isImage(file)) {
      omissions.needs(bases.backings().chainOf(file));
    }
  }

  /**
   * {@return whether a file may be an image} Other files may lie beside disks, and a temporary file
   * may be a damaged image.
   */
  private boolean isImage(Path file) {
    try {
      images.readHeader(file);
      return true;
    } catch (BaseDiskException fault) {
      return Temporaries.operationOf(file).isPresent();
    }
  }

  private ImmutableMultiset<FileIdentity> temporariesAmong(ImmutableList<Path> content) {
    return content.stream()
        .filter(file -> Temporaries.operationOf(file).isPresent())
        .flatMap(file -> files.status(file).stream())
        .map(FileStatus::identity)
        .collect(ImmutableMultiset.toImmutableMultiset());
  }

  private boolean isUsable(
      Path disk, FileStatus status, ImmutableMultiset<FileIdentity> temporaries) {
    Optional<String> fault = faultOf(disk, status, temporaries);
    if (fault.isPresent()) {
      omissions.leaveOut(disk, fault.get());
      omissions.needsAny();
    }
    return fault.isEmpty();
  }

  private Optional<String> faultOf(
      Path disk, FileStatus status, ImmutableMultiset<FileIdentity> temporaries) {
    if (!status.isRegularFile()) {
      return Optional.of("it is not a regular file");
    }
    // An interrupted fork leaves a disk's second name in the bases directory, and an interrupted
    // restore or compaction leaves one in a temporary file. Neither is recorded, so the disk can
    // be.
    int names =
        1
            + (bases.shared().containsKey(status.identity()) ? 1 : 0)
            + temporaries.count(status.identity());
    if (status.links() != names) {
      return Optional.of("it has other hard links");
    }
    if (disks.containsKey(status.identity())) {
      return Optional.of("it is the file " + disks.get(status.identity()) + " too");
    }
    try {
      images.readHeader(disk);
      return Optional.empty();
    } catch (BaseDiskException fault) {
      return Optional.of(String.valueOf(fault.getMessage()));
    }
  }

  // Names of boxes.

  private BoxId nameOf(Path disksDir) {
    Path directory = disksDir.endsWith(DISKS) ? disksDir.getParent() : disksDir;
    Path last = directory == null ? null : directory.getFileName();
    return BoxId.find(String.valueOf(last))
        .filter(name -> !found.containsKey(name))
        .orElseGet(this::newName);
  }

  private BoxId newName() {
    int number = 1;
    while (found.containsKey(BoxId.of(RECOVERED + number))) {
      number++;
    }
    return BoxId.of(RECOVERED + number);
  }

  private boolean isDirectory(Path path) {
    return files.status(path).filter(status -> status.type() == FileType.DIRECTORY).isPresent();
  }

  private Instant createdAt(Path disksDir) {
    return recordable.apply(files.status(disksDir).orElseThrow().modifiedAt());
  }
}
