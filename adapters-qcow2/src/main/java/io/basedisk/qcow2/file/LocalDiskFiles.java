package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.qcow2.os.FileKind;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import javax.inject.Inject;

/**
 * The files of this machine.
 *
 * <p>If its thread is interrupted, a step still runs to its end, and the interrupt stays pending.
 * Do not simply retry a failed step, above all not {@link #sync}: the kernel reports a failed write
 * once, drops the data, and reports success the next time.
 */
public final class LocalDiskFiles implements DiskFiles {

  /**
   * Limit of paths of one file system that are synced one by one.
   *
   * <p>Syncing the whole file system costs about as much as a few single files, plus all data that
   * other processes, such as VMs, have written and not synced. A fork or a restore syncs one or two
   * files, and must not pay for that data. A batch of clones syncs thousands of files, each at the
   * cost of a journal commit.
   */
  private static final int MAX_SYNCED_ONE_BY_ONE = 32;

  /**
   * Longest time during which further changes of a file may leave its modification time the same.
   * File systems use the kernel's coarse clock, with ticks of at most 10 ms. This is twice that.
   */
  private static final Duration TICK_OF_FRACTIONS = Duration.ofMillis(20);

  /** The same for times in whole seconds. FAT, the coarsest, has ticks of 2 s. */
  private static final Duration TICK_OF_WHOLE_SECONDS = Duration.ofMillis(2_020);

  private static final Duration LONGEST_SETTLING = Duration.ofSeconds(10);

  private static final int ALL_PERMISSIONS = 0777;
  private static final int READABLE_BY_ALL = 0644;

  /** Name of the extended attribute that holds a base's description. */
  private static final String DESCRIPTION = "basedisk";

  private final OperatingSystem system;

  /**
   * Works with the given system calls.
   *
   * @param system the system calls to use
   */
  @Inject
  public LocalDiskFiles(OperatingSystem system) {
    this.system = checkNotNull(system);
  }

  // Queries.

  @Override
  public Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      if (Files.exists(path)) {
        throw new InvalidImageException(
            path + ": is " + FileKind.of(path) + ", which has no path of its own", e);
      }
      String reason =
          FileKind.brokenLink(path).map("it is "::concat).orElse("no such file or directory");
      throw new NotFoundException(Failure.line("find " + path, reason), e);
    } catch (IOException e) {
      throw Failure.of("find " + path, e);
    }
  }

  @Override
  public Optional<FileStatus> status(Path path) {
    try {
      return system.status(path);
    } catch (IOException e) {
      throw Failure.of("look at " + path, e);
    }
  }

  @Override
  public ImmutableList<Path> list(Path directory) {
    String step = "list " + directory;
    try {
      return system.list(directory);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public byte[] read(Path file, int limit) {
    String step = "read " + file;
    byte[] content;
    try {
      content = system.readStart(file, limit + 1);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(Failure.line(step, "no such file or directory"), e);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
    if (content.length > limit) {
      throw Failure.of(step, file + ": it is longer than " + limit + " bytes");
    }
    return content;
  }

  @Override
  public Optional<BaseDescription> description(Path file) {
    try {
      return system.userAttribute(file, DESCRIPTION).flatMap(DescriptionJson::decode);
    } catch (IOException e) {
      throw Failure.of("read the description of " + file, e);
    }
  }

  @Override
  public String digest(Path file) {
    String step = "read " + file;
    try (PinnedFile pinned = system.pin(file)) {
      if (!pinned.status().isRegularFile()) {
        throw Failure.of(step, file + ": not a regular file");
      }
      // Unlike a channel, a stream of a Path ignores interrupts.
      return MoreFiles.asByteSource(pinned.openable()).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public FileStatus settledStatus(Path file) {
    syncOne(file);
    Instant end = Instant.now().plus(LONGEST_SETTLING);
    FileStatus status = requireRegularFile("look at " + file, file);
    while (true) {
      Duration tick = tickOf(status.modifiedAt());
      Instant now = Instant.now();
      // Subtract from now; adding to the file's time could overflow, as its owner can set any time.
      if (now.minus(tick).isAfter(status.modifiedAt())) {
        return status;
      }
      if (now.isAfter(end)) {
        throw new RefusedException(file + ": keeps changing");
      }
      Uninterruptibles.sleepUninterruptibly(tick);
      FileStatus later = requireRegularFile("look at " + file, file);
      if (later.version().equals(status.version())) {
        // A full tick has passed, so this holds for a time in the future too.
        return later;
      }
      syncOne(file);
      status = later;
    }
  }

  private static Duration tickOf(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS))
        ? TICK_OF_WHOLE_SECONDS
        : TICK_OF_FRACTIONS;
  }

  // Changes of names.

  @Override
  public boolean link(Path existing, Path added) {
    String step = "link " + existing + " to " + added;
    try {
      return system.link(existing, added);
    } catch (FileAlreadyExistsException e) {
      throw exists(step, e);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public void rename(Path from, Path to) {
    try {
      system.rename(from, to);
    } catch (IOException e) {
      throw Failure.of("rename " + from + " to " + to, e);
    }
  }

  @Override
  public long remove(Path path) {
    try {
      return system
          .remove(path)
          .filter(removed -> removed.isRegularFile() && removed.links() == 1)
          .map(FileStatus::allocatedBytes)
          .orElse(0L);
    } catch (IOException e) {
      throw Failure.of("remove " + path, e);
    }
  }

  @Override
  public void createDirectory(Path directory, int mode) {
    String step = "create the directory " + directory;
    try {
      system.createDirectory(directory, mode);
    } catch (FileAlreadyExistsException e) {
      throw exists(step, e);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  // Changes of content and attributes.

  @Override
  public void copy(Path source, Path target) {
    String step = "copy " + source + " to " + target;
    try {
      system.copy(source, target);
    } catch (FileAlreadyExistsException e) {
      throw exists(step, e);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public void copyAttributes(Path source, Path target) {
    String step = "copy the attributes of " + source + " to " + target;
    try {
      system.copyAttributes(source, target);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public void setOwner(Path file, int owner, int group) {
    try {
      system.setOwner(file, owner, group);
    } catch (IOException e) {
      throw Failure.of("give " + file + " to user " + owner + " and group " + group, e);
    }
  }

  @Override
  public void limitPermissions(Path path, int allowed) {
    try {
      system.limitMode(path, allowed | ~ALL_PERMISSIONS);
    } catch (IOException e) {
      throw Failure.of("limit the permissions of " + path, e);
    }
  }

  @Override
  public void seal(Path file, int owner) {
    try {
      system.seal(file, owner);
    } catch (IOException e) {
      throw Failure.of("seal " + file, e);
    }
  }

  @Override
  public void describe(Path file, BaseDescription description) {
    try {
      system.setUserAttribute(file, DESCRIPTION, DescriptionJson.encode(description));
    } catch (IOException e) {
      throw Failure.of("describe " + file, e);
    }
  }

  @Override
  public void write(Path file, byte[] content) {
    String step = "write " + file;
    try {
      system.create(file).close();
      orRemove(
          file,
          () -> {
            system.overwriteStart(file, content);
            system.setMode(file, READABLE_BY_ALL);
          });
    } catch (FileAlreadyExistsException e) {
      throw exists(step, e);
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  @Override
  public void setModifiedAt(Path file, Instant time) {
    try {
      system.setModifiedAt(file, time);
    } catch (IOException e) {
      throw Failure.of("set the time of " + file, e);
    }
  }

  // Durability.

  @Override
  public void sync(ImmutableList<Path> paths) {
    ImmutableSet<Path> distinct = ImmutableSet.copyOf(paths);
    if (distinct.size() <= MAX_SYNCED_ONE_BY_ONE) {
      distinct.forEach(this::syncOne);
    } else {
      Multimaps.index(distinct, this::device).asMap().values().stream()
          .map(ImmutableList::copyOf)
          .forEach(this::syncOnOneFileSystem);
    }
  }

  private long device(Path path) {
    return requireFileOrDirectory(syncing(path), path).identity().device();
  }

  private void syncOnOneFileSystem(ImmutableList<Path> paths) {
    if (paths.size() <= MAX_SYNCED_ONE_BY_ONE || !syncTogether(paths)) {
      paths.forEach(this::syncOne);
    }
  }

  private boolean syncTogether(ImmutableList<Path> paths) {
    try {
      return system.syncTogether(paths);
    } catch (FileSystemException e) {
      // The file at which the failure appeared. The failed write may belong to another file.
      throw Failure.of("make files durable, found at " + e.getFile(), e);
    } catch (IOException e) {
      throw Failure.of(syncing(paths.get(0)) + " and others", e);
    }
  }

  private void syncOne(Path path) {
    try {
      system.sync(path);
    } catch (IOException e) {
      throw Failure.of(syncing(path), e);
    }
  }

  private static String syncing(Path path) {
    return "make " + path + " durable";
  }

  // Shared by the steps.

  private FileStatus requireRegularFile(String step, Path path) {
    return require(step, path, FileType.REGULAR_FILE::equals, "not a regular file");
  }

  private FileStatus requireFileOrDirectory(String step, Path path) {
    return require(step, path, LocalDiskFiles::isFileOrDirectory, "neither a file nor a directory");
  }

  private static boolean isFileOrDirectory(FileType type) {
    return type == FileType.REGULAR_FILE || type == FileType.DIRECTORY;
  }

  private FileStatus require(String step, Path path, Predicate<FileType> expected, String problem) {
    FileStatus status;
    try {
      status =
          system
              .directStatus(path)
              .orElseThrow(() -> Failure.of(step, path + ": no such file or directory"));
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
    if (!expected.test(status.type())) {
      throw Failure.of(step, path + ": " + problem);
    }
    return status;
  }

  private static AlreadyExistsException exists(String step, FileAlreadyExistsException cause) {
    return new AlreadyExistsException(Failure.line(step, "it exists already"), cause);
  }

  /** A step on a file that was just created. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** Runs a step. If it fails, removes the file created for it. */
  private void orRemove(Path made, Step step) throws IOException {
    try {
      step.run();
    } catch (Throwable failure) {
      try {
        system.remove(made);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }
}
