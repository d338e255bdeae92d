package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.Set;

/**
 * The reserve as a file of 1 MiB, for its owner alone. Where there is less space than that, half of
 * it will do until there is more.
 *
 * <p>It is full of noise, which a file system can neither compress nor leave out. It is not synced:
 * if a power cut or a kill leaves less than all of it, the length tells, and it is completed.
 */
public final class FileSpaceReserve implements SpaceReserve, AutoCloseable {

  /** Its size in bytes. */
  static final int SIZE = 1 << 20;

  /** The least that is worth keeping, in bytes. */
  private static final int LEAST = SIZE / 2;

  /** What the file system may need besides for a file of that size, in bytes. */
  private static final int MARGIN = 16 << 10;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final OperatingSystem system;
  private final Path file;
  private volatile boolean wasGivenUp;

  /**
   * @param file where the reserve is kept; its directory must exist
   */
  public FileSpaceReserve(OperatingSystem system, Path file) {
    this.system = checkNotNull(system);
    this.file = checkNotNull(file);
  }

  @Override
  public void keep() {
    try {
      long kept = system.status(file).map(FileStatus::length).orElse(0L);
      if (kept >= SIZE) {
        return;
      }
      int size = (int) Math.min(SIZE, kept + usableBytes() - MARGIN);
      if (size >= LEAST && size > kept) {
        append((int) (size - kept));
      }
    } catch (IOException cantBeKept) {
      // The home works without it, as long as its file system is not full.
      return;
    }
  }

  /** Asked first, so that no attempt in vain takes from a VM what little space there is. */
  private long usableBytes() throws IOException {
    return Files.getFileStore(checkNotNull(file.getParent())).getUsableSpace();
  }

  /**
   * What is there is lengthened and not made anew: a file system may give the blocks of a deleted
   * file to another one only later.
   */
  private void append(int bytes) throws IOException {
    byte[] noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                file,
                Set.of(
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    LinkOption.NOFOLLOW_LINKS),
                OWNER_ALONE))) {
      out.write(noise);
    }
  }

  @Override
  public void giveUp() {
    wasGivenUp = true;
    try {
      if (Files.deleteIfExists(file)) {
        // A file system gives freed blocks to others only once the deletion is durable.
        system.sync(checkNotNull(file.getParent()));
      }
    } catch (IOException stays) {
      // What needs the space fails then, and says so.
      return;
    }
  }

  /** Keeps the reserve again if it was given up: to be called once the store has freed its own. */
  @Override
  public void close() {
    if (wasGivenUp) {
      keep();
    }
  }
}
