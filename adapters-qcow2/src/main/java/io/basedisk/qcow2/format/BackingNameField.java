package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Position and length of the backing file's name in an image file.
 *
 * <p>Specification: "Header", {@code backing_file_offset} and {@code backing_file_size}.
 *
 * @param nameAt offset of the name in the file, in bytes; 0 without a place for a name
 * @param nameLength length of the name in bytes; 0 without a backing file
 */
public record BackingNameField(int nameAt, int nameLength) {

  private static final int OFFSET_FIELD = 8;

  /** Offset of {@code backing_file_size}. */
  private static final int SIZE_FIELD = 16;

  private static final int SIZE_FIELD_END = SIZE_FIELD + Integer.BYTES;

  /**
   * Reads the field from a file.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @return the field; zeros without a backing file
   */
  public static BackingNameField of(FileBytes file, Header header) {
    if (header.backingFile() == null) {
      return new BackingNameField(0, 0);
    }
    ByteBuffer fields = file.read(HostOffset.NOWHERE, SIZE_FIELD_END);
    return new BackingNameField((int) fields.getLong(OFFSET_FIELD), fields.getInt(SIZE_FIELD));
  }

  /**
   * Reads the field from a file whose name may be erased, as in the canonical content of a layer:
   * then the offset of the name is left.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @return the field; its length is 0 if there is no name, and its offset too if there is no place
   *     for one
   */
  public static BackingNameField placeOf(FileBytes file, Header header) {
    if (header.backingFile() != null) {
      return of(file, header);
    }
    ByteBuffer fields = file.read(HostOffset.NOWHERE, SIZE_FIELD_END);
    return new BackingNameField((int) fields.getLong(OFFSET_FIELD), 0);
  }

  /** {@return the offset of the first byte after the name} */
  int nameEnd() {
    return nameAt + nameLength;
  }

  /**
   * Overwrites the size field and the name with zeros, as far as they lie in a part of the file.
   *
   * @param at offset of the part in the file
   * @param part the part's bytes, from 0 to the limit
   */
  public void erase(long at, ByteBuffer part) {
    erase(at, part, SIZE_FIELD, SIZE_FIELD_END);
    erase(at, part, nameAt, nameEnd());
  }

  private static void erase(long at, ByteBuffer part, int start, int end) {
    long from = Math.max(start - at, 0);
    long to = Math.min(end - at, part.limit());
    if (from < to) {
      part.put((int) from, new byte[(int) (to - from)]);
    }
  }

  /**
   * Bytes of a header before and after a change.
   *
   * @param at offset of the first byte
   * @param before the present bytes
   * @param after the new bytes, as many
   */
  public record Change(HostOffset at, ByteBuffer before, ByteBuffer after) {}

  /**
   * Returns the change that overwrites the present name with another one, at the same offset. The
   * rest of a longer old name becomes zeros. Two images that differ in nothing but this field still
   * differ in nothing else after the change.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @param name the new name's bytes, at least one
   * @return empty if the name does not fit: it would overwrite bytes that are not zeros, or reach
   *     beyond the first cluster
   */
  public Optional<Change> renamed(FileBytes file, Header header, byte[] name) {
    int end = Math.max(nameEnd(), nameAt + name.length);
    if (nameAt == 0 || end > header.geometry().clusterSize()) {
      return Optional.empty();
    }
    ByteBuffer before = file.read(new HostOffset(SIZE_FIELD), end - SIZE_FIELD);
    int behind = nameEnd() - SIZE_FIELD;
    if (before.slice(behind, before.limit() - behind).mismatch(zeros(before.limit() - behind))
        >= 0) {
      return Optional.empty();
    }
    ByteBuffer after = ByteBuffer.allocate(before.limit()).put(before.duplicate());
    after.putInt(0, name.length);
    after.put(nameAt - SIZE_FIELD, new byte[end - nameAt]).put(nameAt - SIZE_FIELD, name);
    return Optional.of(new Change(new HostOffset(SIZE_FIELD), before, after.flip()));
  }

  private static ByteBuffer zeros(int count) {
    return ByteBuffer.allocate(count);
  }
}
