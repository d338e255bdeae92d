package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The intent of an attachment of a guest-rootfs disk to a box.
 *
 * @param id id of the operation
 * @param box name of the box
 * @param base the base that the disk is an overlay of
 * @param temporary temporary path of the disk
 * @param disk path of the complete disk
 * @param startedAt time at which the operation began, in whole seconds
 */
public record AttachRootfsIntent(
    OperationId id, BoxClaim box, BaseDiskId base, Path temporary, Path disk, Instant startedAt)
    implements BoxIntent, NewDiskIntent {

  /**
   * Checks the values.
   *
   * @param id see {@link #id}
   * @param box see {@link #box}
   * @param base see {@link #base}
   * @param temporary see {@link #temporary}
   * @param disk see {@link #disk}
   * @param startedAt see {@link #startedAt}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public AttachRootfsIntent {
    IntentChecks.requireBeside(disk, temporary);
  }

  @Override
  public Operation operation() {
    return Operation.ATTACH_ROOTFS;
  }

  @Override
  public ImmutableList<Path> newDirectories() {
    return ImmutableList.of();
  }

  @Override
  public ImmutableSet<BaseDiskId> bases() {
    return ImmutableSet.of(base);
  }

  @Override
  public ImmutableList<Path> createdFiles() {
    return ImmutableList.of(temporary, disk);
  }
}
