package io.basedisk.qcow2.operation;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Digest of a disk's content, as {@link io.basedisk.domain.port.DiskImages} defines it. It does not
 * depend on the format or the chain. Ranges that are known to be zeros are not read.
 */
public final class ContentDigest {

  private static final int BLOCK = 64 << 10;
  private static final byte[] ZEROS = new byte[BLOCK];
  private static final long BLOCKS_BETWEEN_REPORTS = 256;

  private final DiskImage disk;
  private final long size;
  private final Progress progress;
  private final Hasher hasher = Hashing.sha256().newHasher();
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  /** Number of the first block that is not digested yet. */
  private long next;

  private ContentDigest(DiskImage disk, Progress progress) {
    this.disk = disk;
    this.size = disk.virtualSize();
    this.progress = progress;
  }

  /**
   * {@return the digest of a disk in lower-case hexadecimal}
   *
   * @param disk the disk to read; stays open
   * @param progress receives the progress, in bytes done and in total
   * @throws io.basedisk.domain.error.InvalidImageException if the disk can't be read
   * @throws io.basedisk.domain.error.StorageException if a file can't be read
   * @throws InterruptedOperationException if the thread is interrupted; its interrupt stays pending
   */
  public static String of(DiskImage disk, Progress progress) {
    return new ContentDigest(disk, progress).compute();
  }

  private String compute() {
    add(size);
    for (Iterator<DiskExtent> i = disk.extents(); i.hasNext(); ) {
      DiskExtent extent = i.next();
      if (extent.isZero()) {
        wentTo(extent.end());
      } else {
        addBlocksOf(extent);
      }
    }
    wentTo(size);
    return hasher.hash().toString();
  }

  /** Adds the blocks that an extent touches. The first may have been added already. */
  private void addBlocksOf(DiskExtent extent) {
    long last = (extent.end() - 1) / BLOCK;
    for (next = Math.max(next, extent.start() / BLOCK); next <= last; next++) {
      addBlock();
      if (next % BLOCKS_BETWEEN_REPORTS == 0) {
        wentTo(Math.min(size, (next + 1) * BLOCK));
      }
    }
  }

  private void addBlock() {
    int length = disk.read(next * BLOCK, block.clear());
    Arrays.fill(block.array(), length, BLOCK, (byte) 0);
    if (!Arrays.equals(block.array(), ZEROS)) {
      add(next);
      hasher.putBytes(block.array());
    }
  }

  private void add(long value) {
    hasher.putBytes(number.clear().putLong(value).array());
  }

  private void wentTo(long end) {
    InterruptedOperationException.throwIfInterrupted(
        () -> disk.layers().get(0).path() + ": the reading was interrupted");
    progress.at(end, size);
  }
}
