package io.basedisk.domain.protocol;

import com.google.common.base.Preconditions;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.intent.AdoptHomeIntent.NewFile;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.model.intent.PlannedBase;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file of another program's home that is copied into this home as a qcow2 image.
 *
 * @param source real path of the file
 * @param identity device and inode of the file
 * @param version version of the file when the copy was planned
 * @param format format of the file; a box's disk is qcow2
 * @param backing the backing file in its header; null for none
 * @param virtualSize virtual size in bytes
 * @param made paths of the copy
 * @param target what the copy becomes
 * @param createdAt time at which the other program made the disk, in whole seconds
 */
public record CopiedFile(
    Path source,
    FileIdentity identity,
    FileVersion version,
    ImageFormat format,
    @Nullable BackingFile backing,
    long virtualSize,
    NewFile made,
    Target target,
    Instant createdAt) {

  /** What a copy becomes. */
  public sealed interface Target {

    /** {@return the base that the copy backs onto; null for none} */
    @Nullable BaseDiskId parent();

    /**
     * A base.
     *
     * @param base the base
     */
    record Base(PlannedBase base) implements Target {
      @Override
      public @Nullable BaseDiskId parent() {
        return base.parentId();
      }
    }

    /**
     * The container disk of a new box.
     *
     * @param box the box
     * @param parent see {@link #parent}
     */
    record Disk(NewBox box, @Nullable BaseDiskId parent) implements Target {}
  }

  /**
   * Checks the values.
   *
   * @param source see {@link #source}
   * @param identity see {@link #identity}
   * @param version see {@link #version}
   * @param format see {@link #format}
   * @param backing see {@link #backing}
   * @param virtualSize see {@link #virtualSize}
   * @param made see {@link #made}
   * @param target see {@link #target}
   * @param createdAt see {@link #createdAt}
   * @throws IllegalArgumentException if the values contradict each other
   */
  public CopiedFile {
    Preconditions.checkArgument(
        format == ImageFormat.QCOW2 || (backing == null && target instanceof Target.Base),
        "%s is a raw file, which can't be a disk or have a backing file",
        source);
    Preconditions.checkArgument(
        (backing == null) == (target.parent() == null),
        "the copy of %s needs the base of its backing file",
        source);
  }
}
