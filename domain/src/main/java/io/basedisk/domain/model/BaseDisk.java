package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of a base disk: an immutable qcow2 file that overlays and other bases back onto.
 *
 * @param id its id, which names its file
 * @param sourceBoxId the box that it was forked from, or {@link BoxId#GLOBAL} for a rootfs and for
 *     a clone base of which that is not known
 * @param name the name of a snapshot or the key of a rootfs; unique within {@code sourceBoxId};
 *     null where it has none
 * @param kind why it exists
 * @param diskInfo where its file is and how large
 * @param parentId the nearest base in its backing chain; null where it stands on none
 * @param createdAt when it was recorded, to the second
 */
public record BaseDisk(
    BaseDiskId id,
    BoxId sourceBoxId,
    @Nullable SnapshotName name,
    BaseDiskKind kind,
    DiskInfo diskInfo,
    @Nullable BaseDiskId parentId,
    Instant createdAt) {

  public BaseDisk {
    Preconditions.checkArgument(
        kind != BaseDiskKind.ROOTFS || sourceBoxId.equals(BoxId.GLOBAL),
        "a rootfs can't have the source box %s",
        sourceBoxId);
    Preconditions.checkArgument(
        kind != BaseDiskKind.SNAPSHOT || !sourceBoxId.equals(BoxId.GLOBAL),
        "a snapshot must have a source box");
    Preconditions.checkArgument(!id.equals(parentId), "base %s can't be its own parent", id);
  }
}
