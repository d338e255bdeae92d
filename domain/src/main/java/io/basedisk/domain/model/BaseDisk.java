package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of a base disk: an immutable qcow2 file that overlays and other bases back onto.
 *
 * @param id id of the base; its file has the same name
 * @param sourceBoxId the box that it was forked from, or {@link BoxId#GLOBAL} for a rootfs, and for
 *     a clone base whose source is unknown
 * @param name the name of a snapshot or the key of a rootfs; unique within {@code sourceBoxId};
 *     null if it has none
 * @param kind kind of the base, which decides when it is collected
 * @param diskInfo its file and sizes
 * @param parentId the nearest base in its backing chain; null if there is none
 * @param createdAt time at which it was recorded, in whole seconds
 */
public record BaseDisk(
    BaseDiskId id,
    BoxId sourceBoxId,
    @Nullable BaseName name,
    BaseDiskKind kind,
    DiskInfo diskInfo,
    @Nullable BaseDiskId parentId,
    Instant createdAt) {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param sourceBoxId see {@link #sourceBoxId}
   * @param name see {@link #name}
   * @param kind see {@link #kind}
   * @param diskInfo see {@link #diskInfo}
   * @param parentId see {@link #parentId}
   * @param createdAt see {@link #createdAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public BaseDisk {
    Preconditions.checkArgument(
        kind != BaseDiskKind.ROOTFS || sourceBoxId.equals(BoxId.GLOBAL),
        "a rootfs can't have the source box %s",
        sourceBoxId);
    Preconditions.checkArgument(
        kind != BaseDiskKind.SNAPSHOT || !sourceBoxId.equals(BoxId.GLOBAL),
        "a snapshot must have a source box");
    Preconditions.checkArgument(
        name == null || name.fits(kind), "a base of kind %s can't be called %s", kind, name);
    Preconditions.checkArgument(!id.equals(parentId), "base %s can't be its own parent", id);
  }

  /** {@return the name of a snapshot or clone base; empty if it has none, and for a rootfs} */
  public Optional<SnapshotName> snapshotName() {
    return name instanceof SnapshotName snapshot ? Optional.of(snapshot) : Optional.empty();
  }

  /** {@return the key of a rootfs; empty if it was superseded, and for another kind of base} */
  public Optional<RootfsKey> rootfsKey() {
    return name instanceof RootfsKey key ? Optional.of(key) : Optional.empty();
  }
}
