package io.basedisk.qcow2.format;

import com.google.common.collect.ImmutableList;

/**
 * The internal snapshots of an image, in their order.
 *
 * <p>Specification: "Snapshots".
 *
 * @param size the bytes that the table takes in the file
 */
public record SnapshotTable(ImmutableList<SnapshotTableEntry> entries, long size) {

  /** Ours: more than a hundred thousand of QEMU's own entries, and still small in memory. */
  private static final long MAX_BYTES = 16L << 20;

  /**
   * Reads the snapshot table that {@code header} leads to.
   *
   * @throws FormatException also if it, or an L1 table that it leads to, is not inside the file
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
   * Reads the snapshot table, wherever it and the L1 tables lie; what is beyond the end of the file
   * reads as zeros, as in QEMU.
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
