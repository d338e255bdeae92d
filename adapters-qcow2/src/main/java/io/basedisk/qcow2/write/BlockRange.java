package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.Zeros;
import java.nio.ByteBuffer;

/** A job that copies a range of blocks from a source to a new raw file. */
final class BlockRange implements Pipeline.Job {

  private final long start;
  private final int length;
  private final GuestBytes source;
  private final ImageFile file;

  BlockRange(long start, int length, GuestBytes source, ImageFile file) {
    this.start = start;
    this.length = length;
    this.source = source;
    this.file = file;
  }

  @Override
  public void prepare(Workspace workspace) {
    source.read(start, workspace.guest().clear().limit(length));
  }

  @Override
  public void place() {}

  @Override
  public void complete(Workspace workspace) {
    ByteBuffer guest = workspace.guest().position(0).limit(length);
    while (guest.hasRemaining()) {
      guest.position(guest.position() + blocks(guest, true));
      int from = guest.position();
      int count = blocks(guest, false);
      if (count > 0) {
        file.write(new HostOffset(start + from), guest.slice(from, count));
      }
      guest.position(from + count);
    }
  }

  /** {@return the length in bytes of the next run of blocks that are all zeros, or all not} */
  private static int blocks(ByteBuffer guest, boolean zero) {
    int at = guest.position();
    while (at < guest.limit()) {
      int count = Math.min(RawWriter.BLOCK, guest.limit() - at);
      if (Zeros.isZero(guest.slice(at, count)) != zero) {
        break;
      }
      at += count;
    }
    return at - guest.position();
  }
}
