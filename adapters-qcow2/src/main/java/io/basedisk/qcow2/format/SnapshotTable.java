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

  /** Reads the snapshot table that {@code header} leads to. */
  public static SnapshotTable parse(FileBytes file, Header header, FileBounds bounds)
      throws FormatException {
    SnapshotTable table = parseUnchecked(file, header, bounds);
    for (SnapshotTableEntry entry : table.entries) {
      entry.check(bounds);
    }
    return table;
  }

  /** Reads the snapshot table, wherever the L1 tables are that it leads to. */
  public static SnapshotTable parseUnchecked(FileBytes file, Header header, FileBounds bounds)
      throws FormatException {
    ImmutableList.Builder<SnapshotTableEntry> entries = ImmutableList.builder();
    HostOffset start = header.snapshotTable();
    HostOffset at = start;
    for (int i = 0; i < header.snapshots(); i++) {
      SnapshotTableEntry.Parsed parsed = SnapshotTableEntry.parse(file, at, bounds);
      if (parsed.next().bytes() - start.bytes() > MAX_BYTES) {
        throw new FormatException("the snapshot table is too large");
      }
      entries.add(parsed.entry());
      at = parsed.next();
    }
    return new SnapshotTable(entries.build(), at.bytes() - start.bytes());
  }
}
