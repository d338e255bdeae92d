package io.basedisk.domain.event;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a home, told when it is durable.
 *
 * <p>The events of one operation carry the same {@link #operation}, also if one process began the
 * operation and another one settled it. A use case may be several operations: a clone of a written
 * disk is a fork and the creation of boxes.
 */
public sealed interface Event {

  /**
   * Returns the operation that the event belongs to. A collection belongs to the operation after
   * which it runs, and its events follow {@link Performed}. Empty if the event belongs to no
   * operation: the removal of a snapshot, or a collection when the home is opened.
   */
  default Optional<OperationId> operation() {
    return Optional.empty();
  }

  /** An event that always belongs to an operation. */
  sealed interface OfOperation extends Event {

    /** Returns the operation that the event belongs to. */
    OperationId operationId();

    @Override
    default Optional<OperationId> operation() {
      return Optional.of(operationId());
    }
  }

  /** What became of an operation as a whole. */
  sealed interface OfIntent extends OfOperation {

    /** Returns what the operation was about. */
    Intent intent();

    @Override
    default OperationId operationId() {
      return intent().id();
    }
  }

  /** A disk became {@code base} and an empty overlay of it. */
  record Forked(OperationId operationId, BaseDisk base, Path disk) implements OfOperation {}

  /**
   * A disk's content was copied to make its base, since the file system can't give the file a
   * second name in the bases directory: the fork took longer and the space twice.
   */
  record CopiedForFork(OperationId operationId, Path disk, Path base) implements OfOperation {}

  /** A copy of a disk became {@code base}. */
  record Copied(OperationId operationId, BaseDisk base, Path disk) implements OfOperation {}

  /** A box was created, on a base or empty. */
  record BoxCreated(OperationId operationId, BoxId box) implements OfOperation {}

  /** A rootfs was added to the cache. */
  record RootfsAdded(OperationId operationId, BaseDisk base) implements OfOperation {}

  /** A box was given a guest-rootfs disk, an empty overlay of {@code base}. */
  record RootfsAttached(OperationId operationId, BoxId box, BaseDiskId base)
      implements OfOperation {}

  /** A box with its disks in a directory that is not the home's became known, as it was forked. */
  record BoxRegistered(OperationId operationId, BoxId box, Path disksDir) implements OfOperation {}

  /**
   * Boxes were made of {@code source}, or of a snapshot of it, each with an empty overlay of {@code
   * base}: all that one call made. Of each of them {@link BoxCreated} was told.
   */
  record Cloned(OperationId operationId, BoxId source, BaseDiskId base, ImmutableList<BoxId> boxes)
      implements OfOperation {}

  /** A box and its disks are gone. */
  record BoxRemoved(OperationId operationId, BoxId box) implements OfOperation {}

  /**
   * The name of a disk of a box that was removed is gone, and what had it was no disk of the box
   * alone: a link was not followed, and a file that has other names keeps them.
   *
   * @param what what it was, as a clause without its subject: {@code is a symbolic link}
   */
  record RemovedByName(OperationId operationId, BoxId box, Path path, String what)
      implements OfOperation {}

  /**
   * Something is left at a path of a box that was removed.
   *
   * @param reason why, as a clause without its subject: {@code is a directory that is not empty}
   */
  record LeftInPlace(OperationId operationId, BoxId box, Path path, String reason)
      implements OfOperation {}

  /** A box's disk is an empty overlay of {@code snapshot} now, and what it was is gone. */
  record Restored(OperationId operationId, BoxId box, BaseDiskId snapshot) implements OfOperation {}

  /**
   * A box's disk has a shorter chain and the same content: its nearest base is {@code kept} now.
   */
  record Compacted(OperationId operationId, BoxId box, BaseDiskId kept) implements OfOperation {}

  /**
   * A box's snapshot is one no more. Its name is free, and what it was, {@code base}, is a clone
   * base now: {@link Collected} or {@link Kept} tells next what became of that.
   */
  record SnapshotRemoved(
      Optional<OperationId> operation, BoxId box, @Nullable SnapshotName name, BaseDiskId base)
      implements Event {}

  /** A base that nothing needed is gone, with the bytes that this freed. */
  record Collected(Optional<OperationId> operation, BaseDiskId base, long freedBytes)
      implements Event {}

  /** A base that was to be collected stays. */
  record Kept(Optional<OperationId> operation, BaseDiskId base, KeepReason reason)
      implements Event {}

  /**
   * A file could not be looked at, or its header not be read. The work went on without it: what the
   * store records for it stands.
   */
  record NotRead(Path file, String reason) implements Event {}

  /** What waits to be collected was left to a later operation, since a step failed. */
  record CollectionPostponed(String reason) implements Event {}

  /** The home can be read, and not be changed, until a person has decided what happened to it. */
  record HomeUnusable(HomeUnusableException.Problem problem, String message) implements Event {}

  /** A file of the home that nobody knew is gone, with the bytes that this freed. */
  record Swept(Path file, long freedBytes) implements Event {}

  /**
   * A disagreement between the store, the files and their headers was mended.
   *
   * @param file the file that it was about
   * @param detail what was wrong, as a clause for people
   * @param remedy what was done, as an instruction for people
   */
  record Repaired(Optional<OperationId> operation, Path file, String detail, String remedy)
      implements Event {}

  /**
   * An operation is complete, and what its caller asked for is done. What it did in particular was
   * told before.
   *
   * @param took how long it took from before its claim, with the time that it waited for others
   */
  record Performed(Intent intent, Duration took) implements OfIntent {}

  /** An operation whose owner died, or which failed, was undone. */
  record WentBack(Intent intent) implements OfIntent {}

  /** An operation whose owner died, or which failed past its commit point, was completed. */
  record WentForward(Intent intent) implements OfIntent {}

  /** An operation whose owner died stays as it is, since its files allow no verdict. */
  record LeftUndecided(Intent intent, String reason) implements OfIntent {}
}
