package io.basedisk.qcow2.resize;

import io.basedisk.qcow2.format.BitmapsExtension;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.image.ImageFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The change of a header to a new size and new tables. One write within the first sector makes it,
 * so that a power cut leaves the old or the new fields.
 *
 * <p>The offset of the bitmap directory can be in the second sector. Then that write also clears
 * the feature bit of the bitmaps, and two more writes set the offset and the bit. A power cut
 * between them leaves the new size, and an image without its bitmaps: an incremental backup has to
 * start anew. A bitmap that does not fit the size would make the image invalid.
 */
final class HeaderSwitch {

  private static final int SECTOR = 512;
  private static final int SIZE_FIELD = 24;
  private static final int L1_SIZE_FIELD = 36;
  private static final int L1_OFFSET_FIELD = 40;
  private static final int REFCOUNT_TABLE_OFFSET_FIELD = 48;
  private static final int REFCOUNT_TABLE_CLUSTERS_FIELD = 56;
  private static final int AUTOCLEAR_FIELD = (int) Header.AUTOCLEAR_FEATURES_FIELD.bytes();

  /** Offset of the directory's offset in the data of the bitmaps extension. */
  private static final int DIRECTORY_OFFSET_FIELD = 16;

  private final ImageFile file;
  private final Header header;
  private final ByteBuffer fields;
  private @Nullable HostOffset bitmaps;

  /**
   * @param size the new size of the disk in bytes
   */
  HeaderSwitch(ImageFile file, Header header, long size) {
    this.file = file;
    this.header = header;
    this.fields = file.read(HostOffset.NOWHERE, SECTOR);
    fields.putLong(SIZE_FIELD, size);
  }

  /** Sets the new L1 table. */
  void l1(int entries, HostOffset table) {
    fields.putInt(L1_SIZE_FIELD, entries).putLong(L1_OFFSET_FIELD, table.bytes());
  }

  /** Sets the new refcount table. */
  void refcountTable(TailSpace.Table table) {
    fields
        .putLong(REFCOUNT_TABLE_OFFSET_FIELD, table.start().bytes())
        .putInt(REFCOUNT_TABLE_CLUSTERS_FIELD, table.clusters());
  }

  /** Sets the new bitmap directory, which has the length of the old one. */
  void bitmaps(HostOffset directory) {
    this.bitmaps = directory;
  }

  /** Makes the change, durably. */
  void run() {
    if (bitmaps == null) {
      write();
      return;
    }
    HostOffset field = BitmapsExtension.positionIn(file, header).plus(DIRECTORY_OFFSET_FIELD);
    if (field.bytes() + Long.BYTES <= SECTOR) {
      fields.putLong((int) field.bytes(), bitmaps.bytes());
      write();
      return;
    }
    long autoclear = fields.getLong(AUTOCLEAR_FIELD);
    fields.putLong(AUTOCLEAR_FIELD, autoclear & ~Feature.BITMAPS.mask());
    write();
    file.write(field, ByteBuffer.allocate(Long.BYTES).putLong(bitmaps.bytes()).flip());
    file.force();
    fields.putLong(AUTOCLEAR_FIELD, autoclear);
    write();
  }

  private void write() {
    file.write(new HostOffset(SIZE_FIELD), fields.slice(SIZE_FIELD, fields.limit() - SIZE_FIELD));
    file.force();
  }
}
