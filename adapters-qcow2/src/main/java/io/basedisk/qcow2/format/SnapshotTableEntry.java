package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * An internal snapshot: the position of its L1 table, and the facts that QEMU stores about it.
 *
 * <p>Specification: "Snapshots", "Snapshot table entry".
 *
 * @param l1Table offset of the snapshot's L1 table
 * @param l1Entries number of entries of that L1 table
 * @param id the snapshot's id, in QEMU a decimal number; for messages and listings only
 * @param name the snapshot's name; for messages and listings only
 * @param dateSeconds time at which the snapshot was taken, in seconds since 1970
 * @param dateNanoseconds fraction of a second to add to {@code dateSeconds}
 * @param vmClockNanoseconds run time of the guest until the snapshot
 * @param vmStateSize size of the VM state in bytes; 0 without one
 * @param virtualSize virtual size of the disk at that time, in bytes; empty if not stored
 * @param instructionCount icount of record and replay; empty if not stored
 */
public record SnapshotTableEntry(
    HostOffset l1Table,
    int l1Entries,
    String id,
    String name,
    long dateSeconds,
    long dateNanoseconds,
    long vmClockNanoseconds,
    long vmStateSize,
    OptionalLong virtualSize,
    OptionalLong instructionCount) {

  /** Size in bytes of an entry without extra data, id and name. */
  static final int FIXED_SIZE = 40;

  /** QEMU's limit on extra data. */
  private static final int MAX_EXTRA_DATA = 1024;

  /** An entry, and the offset of its end. */
  record Parsed(SnapshotTableEntry entry, HostOffset end) {}

  /** Reads the entry at {@code at}. */
  static Parsed parse(FileBytes file, HostOffset at) throws FormatException {
    ByteBuffer fixed = file.read(at, FIXED_SIZE);
    int extraSize = fixed.getInt(36);
    if (extraSize < 0 || extraSize > MAX_EXTRA_DATA) {
      throw new FormatException(
          "snapshot with " + Integer.toUnsignedString(extraSize) + " bytes of extra data");
    }
    int idSize = Short.toUnsignedInt(fixed.getShort(12));
    int nameSize = Short.toUnsignedInt(fixed.getShort(14));
    int size = FIXED_SIZE + extraSize + idSize + nameSize;
    ByteBuffer variable = file.read(at.plus(FIXED_SIZE), size - FIXED_SIZE);
    OptionalLong largeVmState = extra(variable, 0, extraSize);
    OptionalLong icount = extra(variable, 16, extraSize);
    SnapshotTableEntry entry =
        new SnapshotTableEntry(
            new HostOffset(fixed.getLong(0)),
            fixed.getInt(8),
            FormatText.shown(variable.slice(extraSize, idSize)),
            FormatText.shown(variable.slice(extraSize + idSize, nameSize)),
            Integer.toUnsignedLong(fixed.getInt(16)),
            Integer.toUnsignedLong(fixed.getInt(20)),
            fixed.getLong(24),
            largeVmState.orElse(Integer.toUnsignedLong(fixed.getInt(32))),
            extra(variable, 8, extraSize),
            icount.equals(OptionalLong.of(-1)) ? OptionalLong.empty() : icount);
    return new Parsed(entry, at.plus(size));
  }

  private static OptionalLong extra(ByteBuffer variable, int at, int extraSize) {
    return extraSize >= at + Long.BYTES
        ? OptionalLong.of(variable.getLong(at))
        : OptionalLong.empty();
  }

  /** Checks the size and position of the L1 table. */
  void check(FileBounds bounds) throws FormatException {
    if (l1Bytes() > Header.MAX_L1_BYTES) {
      throw new FormatException(
          "the L1 table of snapshot " + FormatText.quoted(id) + " is too large");
    }
    bounds.requireTable("L1 table of snapshot " + FormatText.quoted(id), l1Table, l1Bytes());
  }

  /** {@return the size of the L1 table in bytes} */
  public long l1Bytes() {
    return Integer.toUnsignedLong(l1Entries) * Long.BYTES;
  }

  /**
   * {@return whether the entry has the extra data that version 3 demands: the 64-bit VM state size,
   * followed by the virtual size}
   */
  public boolean isComplete() {
    return virtualSize.isPresent();
  }
}
