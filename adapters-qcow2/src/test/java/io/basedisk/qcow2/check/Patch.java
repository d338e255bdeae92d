package io.basedisk.qcow2.check;

import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.ImageMetadata;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** An image file opened to damage it, with access to its structures. */
final class Patch implements AutoCloseable {

  private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

  final Header header;
  private final RandomAccessFile file;

  Patch(Path image) throws IOException {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      header = metadata.header();
    }
    file = new RandomAccessFile(image.toFile(), "rw");
  }

  // Offsets of structures.

  long clusterSize() {
    return header.geometry().clusterSize();
  }

  /** Returns the offset of an entry of the active L1 table. */
  long l1(int index) {
    return header.l1Table().bytes() + 8L * index;
  }

  /** Returns the offset of an L2 entry, in the L2 table of an entry of the active L1 table. */
  long l2(int l1Index, int index) {
    return (getLong(l1(l1Index)) & OFFSET) + (long) index * header.geometry().l2EntrySize();
  }

  /** Returns the offset of the first refcount block. */
  long refcountBlock() {
    return getLong(header.refcountTable().bytes()) & OFFSET;
  }

  /** Returns the offset of the first entry of the snapshot table. */
  long snapshot() {
    return header.snapshotTable().bytes();
  }

  /** Returns the offset of an entry in the first L2 table of the first snapshot. */
  long snapshotL2(int index) {
    long table = getLong(getLong(snapshot())) & OFFSET;
    return table + (long) index * header.geometry().l2EntrySize();
  }

  /** Returns the offset of the bitmap directory. */
  long bitmap() {
    return header.bitmaps().orElseThrow().directory().bytes();
  }

  /** Returns the host cluster after the last of the file. */
  long end() {
    return header.geometry().clusters(length()) * clusterSize();
  }

  // Content.

  long length() {
    return io(file::length);
  }

  long getLong(long at) {
    return io(
        () -> {
          file.seek(at);
          return file.readLong();
        });
  }

  Patch putLong(long at, long value) {
    return put(at, () -> file.writeLong(value));
  }

  Patch putInt(long at, int value) {
    return put(at, () -> file.writeInt(value));
  }

  Patch putShort(long at, int value) {
    return put(at, () -> file.writeShort(value));
  }

  Patch putBytes(long at, byte[] bytes) {
    return put(at, () -> file.write(bytes));
  }

  Patch putByte(long at, int value) {
    return put(at, () -> file.writeByte(value));
  }

  /** Sets a 16-bit refcount in the first block. */
  Patch putRefcount(long cluster, int value) {
    return putShort(refcountBlock() + 2 * cluster, value);
  }

  Patch setLength(long length) {
    return put(0, () -> file.setLength(length));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private interface Get<T> {
    T get() throws IOException;
  }

  private interface Put {
    void put() throws IOException;
  }

  private Patch put(long at, Put step) {
    return io(
        () -> {
          file.seek(at);
          step.put();
          return this;
        });
  }

  private static <T> T io(Get<T> step) {
    try {
      return step.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
