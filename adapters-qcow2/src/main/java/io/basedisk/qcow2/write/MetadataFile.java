package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.Zeros;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Writes metadata to a file: many tables in one write, without leading and trailing zeros. */
final class MetadataFile {

  private static final int STEP = 1 << 20;
  private static final int PAGE = 4 << 10;

  private final ImageFile file;

  MetadataFile(ImageFile file) {
    this.file = file;
  }

  Path path() {
    return file.path();
  }

  /** Writes the buffers one after the other to {@code start}, each from 0 to its limit. */
  void write(HostOffset start, List<ByteBuffer> tables) {
    HostOffset next = start;
    ByteBuffer together = ByteBuffer.allocate(STEP);
    for (ByteBuffer table : tables) {
      for (int at = 0; at < table.limit(); ) {
        int count = Math.min(together.remaining(), table.limit() - at);
        together.put(table.slice(at, count));
        at += count;
        if (!together.hasRemaining()) {
          next = writeAround(next, together);
        }
      }
    }
    writeAround(next, together);
  }

  /**
   * Writes a buffer without pages of zeros at both ends, clears it, and returns the offset after
   * it.
   */
  private HostOffset writeAround(HostOffset start, ByteBuffer bytes) {
    bytes.flip();
    int length = bytes.limit();
    int first = 0;
    while (first < length && Zeros.isZero(bytes.slice(first, Math.min(PAGE, length - first)))) {
      first += PAGE;
    }
    int end = length;
    while (end > first && Zeros.isZero(bytes.slice((end - 1) & -PAGE, end - ((end - 1) & -PAGE)))) {
      end = (end - 1) & -PAGE;
    }
    if (first < end) {
      file.write(start.plus(first), bytes.slice(first, end - first));
    }
    bytes.clear();
    return start.plus(length);
  }
}
