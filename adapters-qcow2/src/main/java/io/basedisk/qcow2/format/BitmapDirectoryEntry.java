package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An entry of the bitmap directory: one bitmap that is stored in the image.
 *
 * <p>Specification: "Bitmaps", "Bitmap directory". As QEMU does, this refuses an entry with extra
 * data.
 *
 * @param table offset of the bitmap table
 * @param tableEntries number of entries of the bitmap table, unsigned
 * @param inUse whether the last writer did not save the bitmap, so that it may be inconsistent
 * @param auto whether every writer has to record its changes of the virtual disk in the bitmap
 * @param granularityBits binary logarithm of the guest bytes that one bit covers, 9 to 31
 * @param name for messages and listings only
 */
public record BitmapDirectoryEntry(
    HostOffset table,
    int tableEntries,
    boolean inUse,
    boolean auto,
    int granularityBits,
    String name) {

  static final int FIXED_SIZE = 24;
  private static final int IN_USE = 1;
  private static final int AUTO = 2;
  private static final int DIRTY_TRACKING = 1;
  private static final int MIN_GRANULARITY_BITS = 9;
  private static final int MAX_GRANULARITY_BITS = 31;
  private static final int MAX_NAME_SIZE = 1023;

  /** QEMU's limit on the bytes of a bitmap's data. */
  private static final long MAX_DATA_SIZE = 512L << 20;

  /** Reads the next entry, and moves the position to the end of its padding. */
  static BitmapDirectoryEntry parse(ByteBuffer directory) throws FormatException {
    if (directory.remaining() < FIXED_SIZE) {
      throw new FormatException("the bitmap directory ends within an entry");
    }
    ByteBuffer fixed = directory.slice(directory.position(), FIXED_SIZE);
    int flags = fixed.getInt(12);
    int granularityBits = Byte.toUnsignedInt(fixed.get(17));
    int nameSize = Short.toUnsignedInt(fixed.getShort(18));
    int extraSize = fixed.getInt(20);
    if ((flags & ~(IN_USE | AUTO)) != 0 || extraSize != 0) {
      throw new FormatException("unsupported flags or extra data of a bitmap");
    }
    if (fixed.get(16) != DIRTY_TRACKING) {
      throw new FormatException(
          "unsupported type " + Byte.toUnsignedInt(fixed.get(16)) + " of a bitmap");
    }
    if (granularityBits < MIN_GRANULARITY_BITS || granularityBits > MAX_GRANULARITY_BITS) {
      throw new FormatException("unsupported granularity bits " + granularityBits + " of a bitmap");
    }
    if (nameSize < 1 || nameSize > MAX_NAME_SIZE) {
      throw new FormatException("unsupported length " + nameSize + " of a bitmap's name");
    }
    int rest = directory.remaining() - FIXED_SIZE;
    if (nameSize > rest) {
      throw new FormatException("the bitmap directory ends within an entry");
    }
    int nameAt = directory.position() + FIXED_SIZE;
    int end = nameAt + nameSize;
    String name = FormatText.shown(directory.slice(nameAt, nameSize));
    directory.position(Math.min((end + 7) & -8, directory.limit()));
    return new BitmapDirectoryEntry(
        new HostOffset(fixed.getLong(0)),
        fixed.getInt(8),
        (flags & IN_USE) != 0,
        (flags & AUTO) != 0,
        granularityBits,
        name);
  }

  /** Writes where the table is to the bytes of the entry at {@code at}. */
  void putTable(ByteBuffer directory, int at) {
    directory.putLong(at, table.bytes()).putInt(at + Long.BYTES, tableEntries);
  }

  /**
   * {@return this bitmap with another table}
   *
   * @param newTable offset of the table
   * @param entries number of entries of the table
   */
  public BitmapDirectoryEntry withTable(HostOffset newTable, int entries) {
    return new BitmapDirectoryEntry(newTable, entries, inUse, auto, granularityBits, name);
  }

  /** {@return the size of the bitmap table in bytes} */
  public long tableBytes() {
    return Integer.toUnsignedLong(tableEntries) * Long.BYTES;
  }

  /**
   * Checks the size and alignment of the bitmap table. Whether the table lies inside the file is
   * not checked.
   *
   * @param geometry the image's cluster geometry
   * @param virtualSize size of the virtual disk in bytes
   * @throws FormatException if QEMU would not open an image with this bitmap
   */
  public void check(ClusterGeometry geometry, long virtualSize) throws FormatException {
    long dataBytes = Integer.toUnsignedLong(tableEntries) << geometry.clusterBits();
    if (tableEntries == 0 || dataBytes > MAX_DATA_SIZE) {
      throw new FormatException(
          "unsupported table of "
              + Integer.toUnsignedString(tableEntries)
              + " entries of bitmap "
              + FormatText.quoted(name));
    }
    if (table.isNowhere() || !geometry.isAligned(table)) {
      throw new FormatException(
          "the table of bitmap " + FormatText.quoted(name) + " at " + table + " is not aligned");
    }
    // A resize leaves a bitmap in use at its old size.
    if (!inUse && Integer.toUnsignedLong(tableEntries) != dataClusters(geometry, virtualSize)) {
      throw new FormatException(
          "bitmap " + FormatText.quoted(name) + " does not have the size of the virtual disk");
    }
  }

  /**
   * {@return the number of clusters that the bitmap's data takes, which is also the number of
   * entries of its table}
   *
   * @param geometry the image's cluster geometry
   * @param virtualSize size of the virtual disk in bytes
   */
  public long dataClusters(ClusterGeometry geometry, long virtualSize) {
    long bits = ((virtualSize - 1) >>> granularityBits) + 1;
    return geometry.clusters((bits + Byte.SIZE - 1) / Byte.SIZE);
  }

  /** {@return the size of this entry in bytes, with its padding} */
  public int encodedSize() {
    return (FIXED_SIZE + name.getBytes(StandardCharsets.UTF_8).length + 7) & -8;
  }
}
