package io.basedisk.qcow2.image;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A read-only channel of a disk. */
final class DiskChannel implements SeekableByteChannel {

  private final DiskImage disk;

  @GuardedBy("this")
  private long position;

  private volatile boolean open = true;

  DiskChannel(DiskImage disk) {
    this.disk = disk;
  }

  @Override
  public synchronized int read(ByteBuffer target) throws ClosedChannelException {
    requireOpen();
    if (position >= disk.virtualSize()) {
      return -1;
    }
    int count = disk.read(position, target);
    position += count;
    return count;
  }

  @Override
  public synchronized long position() throws ClosedChannelException {
    requireOpen();
    return position;
  }

  @Override
  @CanIgnoreReturnValue
  public synchronized SeekableByteChannel position(long newPosition) throws ClosedChannelException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws ClosedChannelException {
    requireOpen();
    return disk.virtualSize();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
