package io.basedisk.qcow2.os;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Content of files, in pure Java: writes, copies and syncs. Java closes a channel if its thread is
 * interrupted, so this uses channels in threads of their own, which are never interrupted.
 */
final class PortableContent {

  /** For a new file: its owner alone may use it. */
  static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final ImmutableSet<OpenOption> CREATE_OR_WRITE =
      ImmutableSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, NOFOLLOW_LINKS);

  private static final int BLOCK_BYTES = 1 << 16;

  /** Bytes copied between two looks for an interrupt: a multiple of a block. */
  private static final long COPIED_AT_ONCE = 16 << 20;

  private static final ByteBuffer ZEROS = ByteBuffer.allocate(BLOCK_BYTES).asReadOnlyBuffer();

  private PortableContent() {}

  /** Overwrites the start of a file. A missing file is created, and its owner alone may use it. */
  static void overwriteStart(Path file, byte[] bytes) throws IOException {
    OwnThread.run(
        () -> {
          try (FileChannel channel = FileChannel.open(file, CREATE_OR_WRITE, OWNER_ALONE)) {
            writeFully(channel, ByteBuffer.wrap(bytes), 0);
          }
        });
  }

  /** Overwrites bytes of an existing file. */
  static void write(Path file, long position, byte[] bytes) throws IOException {
    OwnThread.run(
        () -> {
          try (FileChannel channel = open(file, StandardOpenOption.WRITE)) {
            writeFully(channel, ByteBuffer.wrap(bytes), position);
          }
        });
  }

  /**
   * Copies the content of a file to an empty file, until an interrupt. Each part has a thread of
   * its own; between two parts, this looks for an interrupt.
   */
  static void copy(Path source, Path target, Progress progress) throws IOException {
    try (FileChannel from = open(source, StandardOpenOption.READ);
        FileChannel to = open(target, StandardOpenOption.WRITE)) {
      // Even to ask for the length would close the channel if an interrupt is pending.
      long[] size = new long[1];
      OwnThread.run(() -> size[0] = from.size());
      long length = size[0];
      for (long start = 0; start < length; start += COPIED_AT_ONCE) {
        InterruptedOperationException.throwIfInterrupted(
            () -> source + ": the copy was interrupted");
        long part = start;
        long end = Math.min(start + COPIED_AT_ONCE, length);
        OwnThread.run(() -> copyAllButZeros(source, from, to, part, end));
        progress.at(end, length);
      }
      OwnThread.run(() -> extend(to, length));
    }
  }

  /** Makes a file's content and attributes, or a directory's names, durable. */
  static void sync(Path path) throws IOException {
    OwnThread.run(
        () -> {
          try (FileChannel channel = open(path, StandardOpenOption.READ)) {
            channel.force(true);
          }
        });
  }

  private static FileChannel open(Path path, StandardOpenOption access) throws IOException {
    return FileChannel.open(path, access, NOFOLLOW_LINKS);
  }

  /** Copies a part block by block, and leaves a hole for a block of zeros. */
  private static void copyAllButZeros(
      Path source, FileChannel from, FileChannel to, long start, long end) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    long position = start;
    while (position < end) {
      block.clear().limit((int) Math.min(BLOCK_BYTES, end - position));
      if (from.read(block, position) <= 0) {
        throw new FileSystemException(source.toString(), null, "it shrank while it was copied");
      }
      block.flip();
      int length = block.limit();
      if (!isZero(block)) {
        writeFully(to, block, position);
      }
      position += length;
    }
  }

  /** Writes a last zero if the file is shorter: it ends with a hole. */
  private static void extend(FileChannel file, long length) throws IOException {
    if (file.size() < length) {
      writeFully(file, ByteBuffer.allocate(1), length - 1);
    }
  }

  private static boolean isZero(ByteBuffer block) {
    return ZEROS.slice(0, block.limit()).equals(block);
  }

  private static void writeFully(FileChannel to, ByteBuffer bytes, long position)
      throws IOException {
    long next = position;
    while (bytes.hasRemaining()) {
      next += to.write(bytes, next);
    }
  }
}
