package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * Number of bitmaps, and position of the bitmap directory. If the feature bit {@link
 * Feature#BITMAPS} is not set, this extension is out of date: a writer that does not know bitmaps
 * has cleared the bit.
 *
 * <p>Specification: "Header extensions", "Bitmaps extension".
 *
 * @param count number of bitmaps
 * @param directorySize size of the bitmap directory in bytes
 * @param directory offset of the bitmap directory
 */
public record BitmapsExtension(int count, long directorySize, HostOffset directory)
    implements HeaderExtension {

  static final int TYPE = 0x23852875;

  /** Size of the extension's data in bytes. */
  public static final int SIZE = 24;

  private static final int PREFIX_SIZE = 8;
  private static final int MAX_BITMAPS = 65535;

  /** QEMU's limit: 1 KiB for each bitmap. */
  private static final long MAX_DIRECTORY_SIZE = 1024L * MAX_BITMAPS;

  static BitmapsExtension parse(ByteBuffer data) throws FormatException {
    if (data.remaining() != SIZE) {
      throw new FormatException(
          "the bitmaps extension has " + data.remaining() + " bytes instead of " + SIZE);
    }
    return new BitmapsExtension(data.getInt(0), data.getLong(8), new HostOffset(data.getLong(16)));
  }

  /**
   * {@return the offset of this extension's data in the file of a header that has it}
   *
   * @param file the file of the header
   * @param header a header with a bitmaps extension
   */
  public static HostOffset positionIn(FileBytes file, Header header) {
    HostOffset at = new HostOffset(header.headerLength());
    while (true) {
      ByteBuffer prefix = file.read(at, PREFIX_SIZE);
      HostOffset data = at.plus(PREFIX_SIZE);
      if (prefix.getInt() == TYPE) {
        return data;
      }
      at = data.plus((prefix.getInt() + 7) & -8);
    }
  }

  /** Checks the fields. Call only if the feature bit {@link Feature#BITMAPS} is set. */
  void check(FileBounds bounds) throws FormatException {
    if (count < 1 || count > MAX_BITMAPS) {
      throw new FormatException("unsupported number of bitmaps " + Integer.toUnsignedString(count));
    }
    if (directorySize < 1 || directorySize > MAX_DIRECTORY_SIZE) {
      throw new FormatException(
          "unsupported bitmap directory size " + Long.toUnsignedString(directorySize));
    }
    bounds.requireTable("bitmap directory", directory, directorySize);
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public ByteBuffer data() {
    return ByteBuffer.allocate(SIZE)
        .putInt(count)
        .putInt(0)
        .putLong(directorySize)
        .putLong(directory.bytes())
        .flip();
  }
}
