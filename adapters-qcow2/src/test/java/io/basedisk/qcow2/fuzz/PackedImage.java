package io.basedisk.qcow2.fuzz;

import com.google.common.primitives.Ints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A compact form of an image for the fuzzer: a few hundred bytes describe a file of megabytes,
 * which mostly repeats the same byte.
 *
 * <p>It is a sequence of runs. Each begins with a byte for its kind: <i>n</i> literal bytes,
 * <i>n</i> times the same byte, or a hole of <i>n</i> sectors. Any sequence of bytes is valid. It
 * describes at most 4 MiB of data, and holes of any length.
 */
final class PackedImage {

  private static final int LITERAL = 0;
  private static final int FILL = 1;
  private static final int HOLE = 2;
  private static final int KINDS = 3;

  private static final int MAX_COUNT = 0xffff;
  private static final int SECTOR = 512;
  private static final int MAX_WRITTEN = 4 << 20;

  /** Shortest repetition that becomes a run of its own. */
  private static final int MIN_FILL = 12;

  private PackedImage() {}

  // Unpacking.

  /** Writes the file that {@code packed} describes. */
  static void unpack(byte[] packed, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer source = ByteBuffer.wrap(packed);
      int written = 0;
      long end = 0;
      while (source.remaining() >= 3) {
        int kind = Byte.toUnsignedInt(source.get()) % KINDS;
        int count = Short.toUnsignedInt(source.getShort());
        if (kind == HOLE) {
          end += (long) count * SECTOR;
          continue;
        }
        ByteBuffer run = run(kind, count, source);
        written += run.remaining();
        if (written > MAX_WRITTEN) {
          break;
        }
        channel.write(run, end);
        end += count;
      }
      setLength(channel, end);
    }
  }

  private static ByteBuffer run(int kind, int count, ByteBuffer source) {
    byte[] run = new byte[count];
    if (kind == FILL) {
      Arrays.fill(run, source.hasRemaining() ? source.get() : 0);
    } else {
      source.get(run, 0, Math.min(count, source.remaining()));
    }
    return ByteBuffer.wrap(run);
  }

  private static void setLength(FileChannel channel, long end) throws IOException {
    if (channel.size() < end) {
      channel.write(ByteBuffer.allocate(1), end - 1);
    }
  }

  // Packing.

  /** Returns the packed form from which {@link #unpack} makes {@code image}. */
  static byte[] pack(byte[] image) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    int literal = 0;
    int at = 0;
    while (at < image.length) {
      int same = sameFrom(image, at);
      if (same < MIN_FILL) {
        at += same;
        continue;
      }
      putLiterals(packed, image, literal, at);
      at += putSame(packed, image[at], same);
      literal = at;
    }
    putLiterals(packed, image, literal, image.length);
    return packed.toByteArray();
  }

  private static int sameFrom(byte[] image, int start) {
    int end = start + 1;
    while (end < image.length && image[end] == image[start]) {
      end++;
    }
    return end - start;
  }

  private static void putLiterals(ByteArrayOutputStream packed, byte[] image, int start, int end) {
    for (int at = start; at < end; ) {
      int count = Math.min(end - at, MAX_COUNT);
      putHead(packed, LITERAL, count);
      packed.write(image, at, count);
      at += count;
    }
  }

  /** Writes a run of one byte, with holes where possible, and returns its length. */
  private static int putSame(ByteArrayOutputStream packed, byte value, int size) {
    if (value == 0 && size >= SECTOR) {
      int sectors = Ints.min(size / SECTOR, MAX_COUNT);
      putHead(packed, HOLE, sectors);
      return sectors * SECTOR;
    }
    int count = Math.min(size, MAX_COUNT);
    putHead(packed, FILL, count);
    packed.write(value);
    return count;
  }

  private static void putHead(ByteArrayOutputStream packed, int kind, int count) {
    packed.write(kind);
    packed.write(count >>> Byte.SIZE);
    packed.write(count);
  }
}
