package io.basedisk.qcow2.file;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.SpaceReserve;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The reserve as a file of 1 MiB, for its owner alone.
 *
 * <p>It is full of noise, which a file system can neither compress nor leave out. It is not synced:
 * if a power cut or a kill leaves less than all of it, the length tells, and it is made again.
 */
public final class FileSpaceReserve implements SpaceReserve {

  /** Its size in bytes. */
  static final int SIZE = 1 << 20;

  /** What the file system has left at least once the file is made, in bytes. */
  private static final int MARGIN = 64 << 10;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final OperatingSystem system;
  private final Path file;

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
      Optional<FileStatus> there = system.status(file);
      if (there.filter(status -> status.length() == SIZE).isPresent() || !hasSpace()) {
        return;
      }
      Files.deleteIfExists(file);
      make();
    } catch (IOException cantBeKept) {
      // The home works without it, as long as its file system is not full.
      return;
    }
  }

  /** Asked first, so that the attempt does not take from a VM what little space there is. */
  private boolean hasSpace() throws IOException {
    return Files.getFileStore(checkNotNull(file.getParent())).getUsableSpace() >= SIZE + MARGIN;
  }

  private void make() throws IOException {
    byte[] noise = new byte[SIZE];
    new Random(SIZE).nextBytes(noise);
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                OWNER_ALONE))) {
      out.write(noise);
    }
  }

  @Override
  public void giveUp() {
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
}
