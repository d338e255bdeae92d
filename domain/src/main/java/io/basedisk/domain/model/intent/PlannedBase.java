package io.basedisk.domain.model.intent;

import static com.google.common.base.Preconditions.checkArgument;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageHeader;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The base that an operation creates: the fields that are known before its file exists. The intent
 * claims the id, the file and the name.
 *
 * @param id id of the base
 * @param path path of its file
 * @param sourceBoxId the box whose disk becomes the base; {@link BoxId#GLOBAL} for a rootfs
 * @param name name of a snapshot or key of a rootfs, unique within the source box; null for none
 * @param kind kind of the base
 * @param parentId the nearest base in the disk's chain; null for none
 */
public record PlannedBase(
    BaseDiskId id,
    Path path,
    BoxId sourceBoxId,
    @Nullable BaseName name,
    BaseDiskKind kind,
    @Nullable BaseDiskId parentId) {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param path see {@link #path}
   * @param sourceBoxId see {@link #sourceBoxId}
   * @param name see {@link #name}
   * @param kind see {@link #kind}
   * @param parentId see {@link #parentId}
   * @throws IllegalArgumentException if a base of that kind can't have the name
   */
  public PlannedBase {
    checkArgument(
        name == null || name.fits(kind), "a base of kind %s can't be called %s", kind, name);
  }

  /**
   * {@return the record of this base when its file is complete}
   *
   * @param file status of the file
   * @param header header of the file
   * @param createdAt current time, in whole seconds
   */
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
