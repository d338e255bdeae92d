package io.basedisk.oci.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a member. Several may read one file at once. */
final class MemberInput extends InputStream {

  private final FileChannel file;
  private long at;
  private long left;

  MemberInput(FileChannel file, long start, long bytes) {
    this.file = file;
    this.at = start;
    this.left = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int limit = (int) Math.min(length, left);
    int count = file.read(ByteBuffer.wrap(target, offset, limit), at);
    if (count > 0) {
      at += count;
      left -= count;
    }
    return count;
  }
}
