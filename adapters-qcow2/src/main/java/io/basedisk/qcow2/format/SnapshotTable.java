package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;

/**
 * The internal snapshots of an image, in the order of the file.
 *
 * <p>Specification: "Snapshots".
 *
 * @param entries the internal snapshots
 * @param size size of the table in the file, in bytes
 */
public record SnapshotTable(ImmutableList<SnapshotTableEntry> entries, long size) {

  /**
   * Our own limit: more than a hundred thousand entries as QEMU writes them, and still small in
   * memory.
   */
  private static final long MAX_BYTES = 16L << 20;

  /**
   * Reads the snapshot table that {@code header} refers to.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @param bounds the length of {@code file}, for the checks of positions
   * @return the snapshot table
   * @throws FormatException also if the snapshot table, or an L1 table of a snapshot, is not inside
   *     the file
   */
  public static SnapshotTable parse(FileBytes file, Header header, FileBounds bounds)
      throws FormatException {
    SnapshotTable table = parseUnchecked(file, header);
    HostOffset start = header.snapshotTable();
    if (table.size > 0 && start.bytes() > bounds.length() - table.size) {
      throw new FormatException("snapshot table at " + start + " is not inside the file");
    }
    for (SnapshotTableEntry entry : table.entries) {
      entry.check(bounds);
    }
    return table;
  }

  /**
   * Reads the snapshot table without checking its position, or that of its L1 tables. As in QEMU,
   * bytes beyond the end of the file read as zeros.
   *
   * @param file the file to read
   * @param header the header of {@code file}
   * @return the snapshot table
   * @throws FormatException if the bytes are not valid, with the reason
   */
  public static SnapshotTable parseUnchecked(FileBytes file, Header header) throws FormatException {
    ImmutableList.Builder<SnapshotTableEntry> entries = ImmutableList.builder();
    long start = header.snapshotTable().bytes();
    long end = start;
    for (int i = 0; i < header.snapshots(); i++) {
      SnapshotTableEntry.Parsed parsed =
          SnapshotTableEntry.parse(file, new HostOffset((end + 7) & -8));
      end = parsed.end().bytes();
      if (end - start > MAX_BYTES) {
        throw new FormatException("the snapshot table is too large");
      }
      entries.add(parsed.entry());
    }
    return new SnapshotTable(entries.build(), end - start);
  }
}
