package io.basedisk.domain.model;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The base that an intent makes: the part of its record that is known before its file is made. The
 * intent claims the id, the file and the name.
 *
 * @param path the base's file
 * @param sourceBoxId the box whose disk the base is made of; {@link BoxId#GLOBAL} for a rootfs
 * @param name unique within the source box; null for none
 * @param parentId the nearest base in the chain of the disk that it is made of; null for none
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
