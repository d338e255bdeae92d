package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The durable note that says which operation is under way and on which files. It is committed
 * before the operation's first change and dropped with its last.
 *
 * <p>An intent claims what it names in {@code boxes}, {@code disks} and {@code plannedBase}: no two
 * intents may claim the same box, disk file, base id or base name.
 *
 * @param id the operation's id; its owner holds the lock of that number
 * @param operation what is under way
 * @param boxes the boxes that it is about, with their disks directories
 * @param disks the existing disk files that it replaces, removes or copies
 * @param bases existing bases that must stay while the intent stands
 * @param plannedBase the base that it makes; null where it makes none
 * @param files the files and directories that it creates (or, for a removal, removes), each
 *     directory before what is in it
 * @param startedAt when it began, to the second
 */
public record Intent(
    OperationId id,
    Operation operation,
    ImmutableList<BoxClaim> boxes,
    ImmutableList<DiskClaim> disks,
    ImmutableSet<BaseDiskId> bases,
    @Nullable PlannedBase plannedBase,
    ImmutableList<Path> files,
    Instant startedAt) {

  /** Returns the box of an intent that is about exactly one. */
  public BoxClaim onlyBox() {
    Preconditions.checkState(boxes.size() == 1, "operation %s has %s boxes", id, boxes.size());
    return boxes.get(0);
  }

  /** Returns the disk of an intent that is about exactly one. */
  public DiskClaim onlyDisk() {
    Preconditions.checkState(disks.size() == 1, "operation %s has %s disks", id, disks.size());
    return disks.get(0);
  }

  /** Returns the base of an intent that makes one. */
  public PlannedBase newBase() {
    if (plannedBase == null) {
      throw new IllegalStateException("operation " + id + " makes no base");
    }
    return plannedBase;
  }

  /** A box that an intent is about. */
  public record BoxClaim(BoxId box, Path disksDir) {

    /** Returns the path of the box's disk in {@code slot}. */
    public Path disk(DiskSlot slot) {
      return disksDir.resolve(slot.fileName());
    }
  }

  /**
   * A disk file that an intent is about.
   *
   * @param slot which disk of its box it is
   * @param path its real path
   * @param identity which file was at that path when the operation began
   * @param version that file's then, where the operation must not replace it once it was written
   *     to; null where that makes no difference
   */
  public record DiskClaim(
      DiskSlot slot, Path path, FileIdentity identity, @Nullable FileVersion version) {

    /** Claims a disk whatever is written to it meanwhile. */
    public DiskClaim(DiskSlot slot, Path path, FileIdentity identity) {
      this(slot, path, identity, null);
    }
  }

  /**
   * The base that an intent makes: its record, but for what only its file can tell.
   *
   * @param path the base's file
   * @param parentId the nearest base in the chain of the disk that it is made of
   */
  public record PlannedBase(
      BaseDiskId id,
      Path path,
      BoxId sourceBoxId,
      @Nullable SnapshotName name,
      BaseDiskKind kind,
      @Nullable BaseDiskId parentId) {

    /** Returns the record of this base, whose file is complete and has that header. */
    public BaseDisk recordOf(FileStatus file, ImageHeader header, Instant createdAt) {
      return new BaseDisk(
          id,
          sourceBoxId,
          name,
          kind,
          new DiskInfo(path, header.virtualSize(), file.length()),
          parentId,
          createdAt);
    }
  }
}
