package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bitmap directory of an image, in the order of the file.
 *
 * <p>Specification: "Bitmaps", "Bitmap directory".
 *
 * @param entries the bitmaps
 */
public record BitmapDirectory(ImmutableList<BitmapDirectoryEntry> entries) {

  /**
   * Reads the bitmap directory that {@code header} refers to. Without a bitmaps extension, the
   * result is empty.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @param bounds the length of {@code file}, for the checks of positions
   * @return the bitmap directory
   * @throws FormatException if the bytes are not valid, with the reason
   */
  public static BitmapDirectory parse(FileBytes file, Header header, FileBounds bounds)
      throws FormatException {
    ImmutableList.Builder<BitmapDirectoryEntry> entries = ImmutableList.builder();
    Optional<BitmapsExtension> bitmaps = header.bitmaps();
    if (bitmaps.isPresent()) {
      BitmapsExtension extension = bitmaps.get();
      if (extension.directorySize() > bounds.length()) {
        throw new FormatException("the bitmap directory is longer than the file");
      }
      ByteBuffer directory = file.read(extension.directory(), (int) extension.directorySize());
      for (int i = 0; i < extension.count(); i++) {
        entries.add(BitmapDirectoryEntry.parse(directory));
      }
      if (directory.hasRemaining()) {
        throw new FormatException("the bitmap directory is longer than its bitmaps");
      }
    }
    return new BitmapDirectory(entries.build());
  }

  /**
   * {@return the bytes of a directory whose bitmaps have other tables} All else stays as it is.
   *
   * @param directory the bytes of the present directory, from its start to its end
   * @param tables the bitmaps in the order of the directory, with their new tables
   * @throws FormatException if the bytes are not valid
   */
  public static ByteBuffer withTables(ByteBuffer directory, List<BitmapDirectoryEntry> tables)
      throws FormatException {
    ByteBuffer changed = directory.duplicate();
    for (BitmapDirectoryEntry bitmap : tables) {
      int at = changed.position();
      BitmapDirectoryEntry.parse(changed);
      bitmap.putTable(changed, at);
    }
    return changed.rewind();
  }
}
