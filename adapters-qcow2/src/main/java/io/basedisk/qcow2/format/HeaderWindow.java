package io.basedisk.qcow2.format;

import com.google.common.math.IntMath;
import java.nio.ByteBuffer;

/**
 * The first cluster of a file, read as far as needed. The first read takes 4 KiB, where almost
 * every header fits; a sweep over a home reads thousands of headers.
 */
final class HeaderWindow {

  private static final int FIRST_READ = 4096;

  private final FileBytes file;
  private ByteBuffer read;

  HeaderWindow(FileBytes file) {
    this.file = file;
    this.read = file.read(HostOffset.NOWHERE, FIRST_READ);
  }

  /** {@return a view of {@code length} bytes from {@code at} on} */
  ByteBuffer bytes(int at, int length) {
    if (at + length > read.limit()) {
      read = file.read(HostOffset.NOWHERE, IntMath.ceilingPowerOfTwo(at + length));
    }
    return read.slice(at, length);
  }
}
