package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A registered box: a VM or sandbox that owns writable disks in one directory.
 *
 * @param id name of the box
 * @param disksDir real, absolute path of the directory of its disks, which may have disks of other
 *     boxes too
 * @param disks path of the disk in each slot, directly in {@code disksDir}; the file need not
 *     exist, and no other box may have the same path
 * @param createdAt time at which it was registered, in whole seconds
 */
public record Box(BoxId id, Path disksDir, ImmutableMap<DiskSlot, Path> disks, Instant createdAt) {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param disksDir see {@link #disksDir}
   * @param disks see {@link #disks}
   * @param createdAt see {@link #createdAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public Box {
    Preconditions.checkArgument(!id.equals(BoxId.GLOBAL), "%s is not the name of a box", id);
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = disks.get(slot);
      Preconditions.checkArgument(
          disk != null && disksDir.equals(disk.getParent()),
          "%s is not a disk in %s",
          disk,
          disksDir);
    }
  }

  /**
   * Makes a box whose disks have the file names of their slots.
   *
   * @param id name of the box
   * @param disksDir real, absolute path of the disks directory
   * @param createdAt time at which it is registered, in whole seconds
   */
  public Box(BoxId id, Path disksDir, Instant createdAt) {
    this(id, disksDir, namedBySlot(disksDir), createdAt);
  }

  private static ImmutableMap<DiskSlot, Path> namedBySlot(Path disksDir) {
    ImmutableMap.Builder<DiskSlot, Path> disks = ImmutableMap.builder();
    for (DiskSlot slot : DiskSlot.values()) {
      disks.put(slot, disksDir.resolve(slot.fileName()));
    }
    return disks.buildOrThrow();
  }

  /**
   * {@return the path of the disk in a slot} The file need not exist.
   *
   * @param slot slot of the disk
   */
  public Path disk(DiskSlot slot) {
    Path disk = disks.get(slot);
    return Preconditions.checkNotNull(disk);
  }
}
