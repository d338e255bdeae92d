package io.basedisk.domain.event;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.SnapshotName;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that an operation did, told when it is durable. */
public sealed interface Event {

  /** A disk became {@code base} and an empty overlay of it. */
  record Forked(BaseDisk base, Path disk) implements Event {}

  /**
   * A disk's content was copied to make its base, since the file system can't give the file a
   * second name in the bases directory: the fork took longer and the space twice.
   */
  record CopiedForFork(Path disk, Path base) implements Event {}

  /** A copy of a disk became {@code base}. */
  record Copied(BaseDisk base, Path disk) implements Event {}

  /** A box was created, on a base or empty. */
  record BoxCreated(BoxId box) implements Event {}

  /** A rootfs was added to the cache. */
  record RootfsAdded(BaseDisk base) implements Event {}

  /** A box was given a guest-rootfs disk, an empty overlay of {@code base}. */
  record RootfsAttached(BoxId box, BaseDiskId base) implements Event {}

  /** A box with its disks in a directory that is not the home's became known, as it was forked. */
  record BoxRegistered(BoxId box, Path disksDir) implements Event {}

  /**
   * Boxes were made of {@code source}, or of a snapshot of it, each with an empty overlay of {@code
   * base}: all that one call made. Of each of them {@link BoxCreated} was told.
   */
  record Cloned(BoxId source, BaseDiskId base, ImmutableList<BoxId> boxes) implements Event {}

  /** A box and its disks are gone. */
  record BoxRemoved(BoxId box) implements Event {}

  /**
   * The name of a disk of a box that was removed is gone, and what had it was no disk of the box
   * alone: a link was not followed, and a file that has other names keeps them.
   *
   * @param what what it was, as a clause without its subject: {@code is a symbolic link}
   */
  record RemovedByName(BoxId box, Path path, String what) implements Event {}

  /**
   * Something is left at a path of a box that was removed.
   *
   * @param reason why, as a clause without its subject: {@code is a directory that is not empty}
   */
  record LeftInPlace(BoxId box, Path path, String reason) implements Event {}

  /** A box's disk is an empty overlay of {@code snapshot} now, and what it was is gone. */
  record Restored(BoxId box, BaseDiskId snapshot) implements Event {}

  /**
   * A box's disk has a shorter chain and the same content: its nearest base is {@code kept} now.
   */
  record Compacted(BoxId box, BaseDiskId kept) implements Event {}

  /**
   * A box's snapshot is one no more. Its name is free, and what it was, {@code base}, is a clone
   * base now: {@link Collected} or {@link Kept} tells next what became of that.
   */
  record SnapshotRemoved(BoxId box, @Nullable SnapshotName name, BaseDiskId base)
      implements Event {}

  /** A base that nothing needed is gone, with the bytes that this freed. */
  record Collected(BaseDiskId base, long freedBytes) implements Event {}

  /** A base that was to be collected stays. */
  record Kept(BaseDiskId base, KeepReason reason) implements Event {}

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
  record Repaired(Path file, String detail, String remedy) implements Event {}

  /**
   * An operation is complete, and what its caller asked for is done. What it did in particular was
   * told before.
   *
   * @param took how long it took from before its claim, with the time that it waited for others
   */
  record Performed(Intent intent, Duration took) implements Event {}

  /** An operation whose owner died, or which failed, was undone. */
  record WentBack(Intent intent) implements Event {}

  /** An operation whose owner died, or which failed past its commit point, was completed. */
  record WentForward(Intent intent) implements Event {}

  /** An operation whose owner died stays as it is, since its files allow no verdict. */
  record LeftUndecided(Intent intent, String reason) implements Event {}
}
