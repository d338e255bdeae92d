package io.basedisk.qcow2.operation;

import io.basedisk.domain.port.NewLayer;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.Zeros;
import java.nio.ByteBuffer;

/** A new file that takes bytes in order. Blocks of zeros become holes. Not thread-safe. */
public final class SparseLayer implements NewLayer {

  /** Divides the block size of file systems' holes. */
  private static final int BLOCK = 64 << 10;

  private final ImageFile file;
  private long end;

  /**
   * @param file the new file, open for writing; closed with this
   */
  public SparseLayer(ImageFile file) {
    this.file = file;
  }

  @Override
  public void write(ByteBuffer source) {
    int from = source.position();
    int at = from;
    while (at < source.limit()) {
      int count = Math.min(toBlockEnd(end + at - from), source.limit() - at);
      if (Zeros.isZero(source.slice(at, count))) {
        writeData(source, from, at);
        end += count;
        from = at + count;
      }
      at += count;
    }
    writeData(source, from, at);
    source.position(source.limit());
  }

  private static int toBlockEnd(long offset) {
    return BLOCK - (int) (offset % BLOCK);
  }

  private void writeData(ByteBuffer source, int from, int to) {
    if (to > from) {
      file.write(new HostOffset(end), source.slice(from, to - from));
      end += to - from;
    }
  }

  @Override
  public void complete() {
    if (file.length() < end) {
      file.write(new HostOffset(end - 1), ByteBuffer.allocate(1));
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
