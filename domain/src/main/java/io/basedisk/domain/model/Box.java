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
 * @param hasForeignDisks whether the disks were there before basedisk: they are deleted only if a
 *     user says so
 * @param createdAt time at which it was registered, in whole seconds
 */
public record Box(
    BoxId id,
    Path disksDir,
    ImmutableMap<DiskSlot, Path> disks,
    boolean hasForeignDisks,
    Instant createdAt) {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param disksDir see {@link #disksDir}
   * @param disks see {@link #disks}
   * @param hasForeignDisks see {@link #hasForeignDisks}
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
   * Makes a box whose disks basedisk has made. They have the file names of their slots.
   *
   * @param id name of the box
   * @param disksDir real, absolute path of the disks directory
   * @param createdAt time at which it is registered, in whole seconds
   */
  public Box(BoxId id, Path disksDir, Instant createdAt) {
    this(id, disksDir, namedBySlot(disksDir), false, createdAt);
  }

  /**
   * {@return a box with disks that basedisk has found} They have the file names of their slots, and
   * are foreign unless they are in the home's directory of boxes.
   *
   * @param home paths of the home
   * @param id name of the box
   * @param disksDir real, absolute path of the disks directory
   * @param createdAt time at which it is registered, in whole seconds
   */
  public static Box found(HomeLayout home, BoxId id, Path disksDir, Instant createdAt) {
    return new Box(
        id, disksDir, namedBySlot(disksDir), !disksDir.startsWith(home.boxes()), createdAt);
  }

  /**
   * {@return the same box under another name}
   *
   * @param name the new name
   */
  public Box withId(BoxId name) {
    return new Box(name, disksDir, disks, hasForeignDisks, createdAt);
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
