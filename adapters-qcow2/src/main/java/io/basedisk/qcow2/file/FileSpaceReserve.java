package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
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
import javax.inject.Inject;

/**
 * The reserve: a file of 1 MiB, readable by its owner alone. If less space is free, half of that is
 * enough until more is free.
 *
 * <p>It contains random bytes, which a file system can neither compress nor store as a hole. It is
 * not synced: if a power cut or a kill leaves a part of it, its length shows that, and {@link
 * #keep} completes it.
 */
public final class FileSpaceReserve implements SpaceReserve, AutoCloseable {

  /** Its size in bytes. */
  static final int SIZE = 1 << 20;

  /** Smallest useful reserve in bytes. */
  private static final int MIN_SIZE = SIZE / 2;

  /** Space that the file system needs for the file's own metadata, in bytes. */
  private static final int MARGIN = 16 << 10;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final OperatingSystem system;
  private final Path file;
  private volatile boolean wasGivenUp;

  /**
   * @param system the system calls to use
   * @param home the home of the reserve. Without its {@code db} directory, no reserve is created
   */
  @Inject
  public FileSpaceReserve(OperatingSystem system, HomeLayout home) {
    this.system = checkNotNull(system);
    this.file = home.reserveFile();
  }

  @Override
  public void keep() {
    try {
      long kept = system.status(file).map(FileStatus::length).orElse(0L);
      if (kept >= SIZE) {
        return;
      }
      int size = (int) Math.min(SIZE, kept + usableBytes() - MARGIN);
      if (size >= MIN_SIZE && size > kept) {
        append((int) (size - kept));
      }
    } catch (IOException cantBeKept) {
      // The home works without a reserve as long as its file system is not full.
      return;
    }
  }

  /**
   * {@return the free space} Checking it first avoids a failed attempt that takes the last space
   * from a VM.
   */
  private long usableBytes() throws IOException {
    return Files.getFileStore(checkNotNull(file.getParent())).getUsableSpace();
  }

  /**
   * Lengthens the file instead of writing a new one: a file system may reuse the blocks of a
   * deleted file only later.
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
        // A file system reuses freed blocks only once the deletion is durable.
        system.sync(checkNotNull(file.getParent()));
      }
    } catch (IOException stays) {
      // The write that needs the space fails, and reports it.
      return;
    }
  }

  /** Restores the reserve if it was given up. Call after the store has freed its own space. */
  @Override
  public void close() {
    if (wasGivenUp) {
      keep();
    }
  }
}
