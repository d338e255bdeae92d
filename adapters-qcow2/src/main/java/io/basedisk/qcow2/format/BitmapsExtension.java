package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;

/**
 * How many bitmaps an image holds, and where their directory is. To be believed only if the feature
 * bit {@link Feature#BITMAPS} is set: who wrote to the image without knowing bitmaps has cleared
 * it.
 *
 * <p>Specification: "Bitmaps extension".
 *
 * @param count the number of bitmaps
 * @param directorySize the bytes of the bitmap directory
 * @param directory where the bitmap directory starts
 */
public record BitmapsExtension(int count, long directorySize, HostOffset directory)
    implements HeaderExtension {

  static final int TYPE = 0x23852875;
  private static final int SIZE = 24;
  private static final int MAX_BITMAPS = 65535;

  /** QEMU's limit: 1 KiB a bitmap. */
  private static final long MAX_DIRECTORY_SIZE = 1024L * MAX_BITMAPS;

  static BitmapsExtension parse(ByteBuffer data) throws FormatException {
    if (data.remaining() != SIZE) {
      throw new FormatException(
          "the bitmaps extension has " + data.remaining() + " bytes instead of " + SIZE);
    }
    return new BitmapsExtension(data.getInt(0), data.getLong(8), new HostOffset(data.getLong(16)));
  }

  /** Checks what an extension has to fulfil whose feature bit is set. */
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
