package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.os.FileKind;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.inject.Inject;

/**
 * The files of this machine.
 *
 * <p>An interrupt ends a copy and a digest. If the thread is interrupted in another step, the step
 * still runs to its end, and the interrupt stays pending. Do not simply retry a failed step, above
 * all not {@link #sync}: the kernel reports a failed write once, drops the data, and reports
 * success the next time.
 */
public final class LocalDiskFiles implements DiskFiles {

  private static final int ALL_PERMISSIONS = 0777;
  private static final int READABLE_BY_ALL = 0644;

  /** Bytes hashed between two looks for an interrupt. */
  private static final int HASHED_AT_ONCE = 1 << 20;

  /** Name of the extended attribute that holds a base's description. */
  private static final String DESCRIPTION = "basedisk";

  private final OperatingSystem system;
  private final FileSync sync;
  private final FileSettling settling;

  /**
   * Works with the given system calls.
   *
   * @param system the system calls to use
   */
  @Inject
  public LocalDiskFiles(OperatingSystem system) {
    this.system = checkNotNull(system);
    this.sync = new FileSync(system);
    this.settling = new FileSettling(system, sync);
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
  public String sha256(Path file, Progress progress) {
    String step = "read " + file;
    try (PinnedFile pinned = system.pin(file)) {
      if (!pinned.status().isRegularFile()) {
        throw Failure.of(step, file + ": not a regular file");
      }
      // Unlike a channel, a stream of a Path is not closed by an interrupt.
      try (InputStream content = Files.newInputStream(pinned.openable())) {
        return sha256(file, content, pinned.status().length(), progress);
      }
    } catch (IOException e) {
      throw Failure.of(step, e);
    }
  }

  private static String sha256(Path file, InputStream content, long length, Progress progress)
      throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    byte[] part = new byte[HASHED_AT_ONCE];
    long done = 0;
    for (int count = content.read(part); count >= 0; count = content.read(part)) {
      InterruptedOperationException.throwIfInterrupted(
          () -> file + ": the reading was interrupted");
      hasher.putBytes(part, 0, count);
      done += count;
      progress.at(Math.min(done, length), length);
    }
    return hasher.hash().toString();
  }

  @Override
  public FileStatus settledStatus(Path file) {
    return settling.settledStatus(file);
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
  public void copy(Path source, Path target, Progress progress) {
    String step = "copy " + source + " to " + target;
    try {
      system.copy(source, target, progress);
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
    sync.all(paths);
  }

  // Shared by the steps.

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
