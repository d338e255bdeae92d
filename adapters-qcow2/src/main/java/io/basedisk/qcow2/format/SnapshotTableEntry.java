package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * An internal snapshot: an L1 table of its own, and what QEMU notes of it.
 *
 * <p>Specification: "Snapshots", "Snapshot table entry".
 *
 * @param l1Table where its L1 table starts
 * @param l1Entries the number of entries of that
 * @param id its id, in QEMU a decimal number; only to be shown
 * @param name its name; only to be shown
 * @param dateSeconds when it was taken, in seconds since 1970
 * @param dateNanoseconds the part of a second besides
 * @param vmClockNanoseconds how long the guest had been running
 * @param vmStateSize the bytes of the VM's state; 0 if there is none
 * @param virtualSize the virtual size that the disk had; empty if it is not noted
 * @param instructionCount the record-and-replay instruction count; empty if it is not noted
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

  /** The bytes of an entry without extra data, id and name. */
  static final int FIXED_SIZE = 40;

  /** QEMU's limit on extra data. */
  private static final int MAX_EXTRA_DATA = 1024;

  /** An entry and where it ends. */
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

  /** Checks where its L1 table lies. */
  void check(FileBounds bounds) throws FormatException {
    if (l1Bytes() > Header.MAX_L1_BYTES) {
      throw new FormatException(
          "the L1 table of snapshot " + FormatText.quoted(id) + " is too large");
    }
    bounds.requireTable("L1 table of snapshot " + FormatText.quoted(id), l1Table, l1Bytes());
  }

  /** Returns the bytes of its L1 table. */
  public long l1Bytes() {
    return Integer.toUnsignedLong(l1Entries) * Long.BYTES;
  }

  /**
   * Returns whether it has the extra data that version 3 demands: the large VM state size and the
   * virtual size, which comes behind it.
   */
  public boolean isComplete() {
    return virtualSize.isPresent();
  }
}
