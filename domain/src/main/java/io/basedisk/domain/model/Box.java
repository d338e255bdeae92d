package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A registered box: a VM or sandbox that owns writable disks in one directory.
 *
 * @param id its name
 * @param disksDir the real, absolute path of the directory that holds its disks; no two boxes share
 *     one
 * @param createdAt when it was registered, to the second
 */
public record Box(BoxId id, Path disksDir, Instant createdAt) {

  public Box {
    Preconditions.checkArgument(!id.equals(BoxId.GLOBAL), "%s is no box", id);
  }

  /** Returns the path of the disk in {@code slot}, whether or not it exists. */
  public Path disk(DiskSlot slot) {
    return disksDir.resolve(slot.fileName());
  }
}
