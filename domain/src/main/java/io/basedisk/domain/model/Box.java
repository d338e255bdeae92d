package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A registered box: a VM or sandbox that owns writable disks in one directory.
 *
 * @param id its name
 * @param disksDir the real, absolute path of the directory that holds its disks; it may hold disks
 *     of other boxes too
 * @param disks the path of each slot's disk, whether or not it exists: a file directly in {@code
 *     disksDir}, and no other box's
 * @param createdAt when it was registered, to the second
 */
public record Box(BoxId id, Path disksDir, ImmutableMap<DiskSlot, Path> disks, Instant createdAt) {

  public Box {
    Preconditions.checkArgument(!id.equals(BoxId.GLOBAL), "%s is no box", id);
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = disks.get(slot);
      Preconditions.checkArgument(
          disk != null && disksDir.equals(disk.getParent()), "%s: %s is not in it", disksDir, disk);
    }
  }

  /** A box whose disks have the names of their slots. */
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

  /** Returns the path of the disk in {@code slot}, whether or not it exists. */
  public Path disk(DiskSlot slot) {
    Path disk = disks.get(slot);
    return Preconditions.checkNotNull(disk);
  }
}
