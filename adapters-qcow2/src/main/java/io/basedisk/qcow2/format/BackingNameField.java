package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The backing file's name as a header holds it: the size field, and the bytes at the offset that
 * the header has.
 *
 * <p>Specification: "Header", {@code backing_file_offset} and {@code backing_file_size}.
 *
 * @param nameAt where the name begins, in bytes from the start of the file; 0 if there is none
 * @param nameLength its bytes
 */
public record BackingNameField(int nameAt, int nameLength) {

  private static final int OFFSET_FIELD = 8;

  /** Where the size field is. */
  private static final int SIZE_FIELD = 16;

  private static final int SIZE_FIELD_END = SIZE_FIELD + Integer.BYTES;

  /**
   * Returns the field of a file's header.
   *
   * @param header that of {@code file}
   */
  public static BackingNameField of(FileBytes file, Header header) {
    if (header.backingFile() == null) {
      return new BackingNameField(0, 0);
    }
    ByteBuffer fields = file.read(HostOffset.NOWHERE, SIZE_FIELD_END);
    return new BackingNameField((int) fields.getLong(OFFSET_FIELD), fields.getInt(SIZE_FIELD));
  }

  /** Returns where the name ends. */
  int nameEnd() {
    return nameAt + nameLength;
  }

  /**
   * Makes zeros of the size field and the name in a part of the file.
   *
   * @param at where that part begins
   * @param part its bytes, from 0 to the limit
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

  /** Bytes of a header, and what takes their place. */
  public record Change(HostOffset at, ByteBuffer before, ByteBuffer after) {}

  /**
   * Returns the change that puts another name in the place of the present one and changes nothing
   * else: what an old, longer name leaves becomes zeros. So an image that differs in this field
   * alone differs in it alone afterwards.
   *
   * @param name its bytes, at least one
   * @return empty if it does not fit: the bytes that it would take are no zeros, or are not in the
   *     first cluster
   */
  public Optional<Change> renamed(FileBytes file, Header header, byte[] name) {
    int end = Math.max(nameEnd(), nameAt + name.length);
    if (nameLength == 0 || end > header.geometry().clusterSize()) {
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
