package io.basedisk.qcow2.format;

import com.google.common.math.IntMath;
import java.nio.ByteBuffer;

/**
 * The first cluster of a file, of which only the beginning is read unless more is asked for: almost
 * every header fits there, and a sweep reads very many of them.
 */
final class HeaderWindow {

  private static final int FIRST_READ = 4096;

  private final FileBytes file;
  private ByteBuffer read;

  HeaderWindow(FileBytes file) {
    this.file = file;
    this.read = file.read(HostOffset.NOWHERE, FIRST_READ);
  }

  /** Returns a view of {@code length} bytes from {@code at} on. */
  ByteBuffer bytes(int at, int length) {
    if (at + length > read.limit()) {
      read = file.read(HostOffset.NOWHERE, IntMath.ceilingPowerOfTwo(at + length));
    }
    return read.slice(at, length);
  }
}
