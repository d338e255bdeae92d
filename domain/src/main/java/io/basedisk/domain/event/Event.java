package io.basedisk.domain.event;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.Intent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a home. Listeners receive it after the change is durable.
 *
 * <p>All events of one operation have the same {@link #operation}, even if another process settles
 * the operation. A use case can consist of several operations: cloning a written disk is a fork,
 * then the creation of boxes.
 */
public sealed interface Event {

  /**
   * {@return the operation that the event belongs to} A collection belongs to the operation after
   * which it runs, and its events follow {@link Performed}. Empty if the event belongs to no
   * operation, for example the removal of a snapshot, or a collection when the home is opened.
   */
  default Optional<OperationId> operation() {
    return Optional.empty();
  }

  /** An event that always belongs to an operation. */
  sealed interface OfOperation extends Event {

    /** {@return the operation that the event belongs to} */
    OperationId operationId();

    @Override
    default Optional<OperationId> operation() {
      return Optional.of(operationId());
    }
  }

  /** The end of an operation. */
  sealed interface OfIntent extends OfOperation {

    /** {@return the operation's intent} */
    Intent intent();

    @Override
    default OperationId operationId() {
      return intent().id();
    }
  }

  /**
   * A disk was forked into a base and an empty overlay of it.
   *
   * @param operationId id of the operation
   * @param base the new base
   * @param disk path of the disk
   */
  record Forked(OperationId operationId, BaseDisk base, Path disk) implements OfOperation {}

  /**
   * A fork copied the disk instead of linking it, because the file system can't link it into the
   * bases directory. The fork took longer, and needed the disk's space twice.
   *
   * @param operationId id of the operation
   * @param disk path of the disk
   * @param base path of the base's file
   */
  record CopiedForFork(OperationId operationId, Path disk, Path base) implements OfOperation {}

  /**
   * A disk was copied to a base.
   *
   * @param operationId id of the operation
   * @param base the new base
   * @param disk path of the disk
   */
  record Copied(OperationId operationId, BaseDisk base, Path disk) implements OfOperation {}

  /**
   * A box was created, empty or as an overlay of a base.
   *
   * @param operationId id of the operation
   * @param box name of the box
   */
  record BoxCreated(OperationId operationId, BoxId box) implements OfOperation {}

  /**
   * A rootfs was added to the cache.
   *
   * @param operationId id of the operation
   * @param base the new entry's base
   */
  record RootfsAdded(OperationId operationId, BaseDisk base) implements OfOperation {}

  /**
   * A box got a guest-rootfs disk, an empty overlay of a base.
   *
   * @param operationId id of the operation
   * @param box name of the box
   * @param base id of the base
   */
  record RootfsAttached(OperationId operationId, BoxId box, BaseDiskId base)
      implements OfOperation {}

  /**
   * A fork registered a box whose disks are outside the home.
   *
   * @param operationId id of the operation
   * @param box name of the box
   * @param disksDir path of the disks directory
   */
  record BoxRegistered(OperationId operationId, BoxId box, Path disksDir) implements OfOperation {}

  /**
   * An adoption registered a disk that was there before basedisk, or a copy of it, as the disk of a
   * box.
   *
   * @param operationId id of the operation
   * @param box name of the box
   * @param disk path of the disk, which the adoption may have moved or copied
   */
  record BoxAdopted(OperationId operationId, BoxId box, Path disk) implements OfOperation {}

  /**
   * An adoption recorded a file that was there before basedisk, or a copy of it, as a base.
   *
   * @param operationId id of the operation
   * @param base the base, whose file the adoption may have moved or copied
   */
  record BaseAdopted(OperationId operationId, BaseDisk base) implements OfOperation {}

  /**
   * The layers of a disk were exported.
   *
   * @param operationId id of the operation
   * @param box the box
   * @param base the top layer
   */
  record Exported(OperationId operationId, BoxId box, BaseDiskId base) implements OfOperation {}

  /**
   * An import recorded a layer as a base. It stays, held, if the import is rolled back.
   *
   * @param operationId id of the operation
   * @param base the base
   */
  record LayerImported(OperationId operationId, BaseDisk base) implements OfOperation {}

  /**
   * A box was created on the layers of an artifact.
   *
   * @param operationId id of the operation
   * @param box name of the box
   * @param base the base of its disk
   */
  record BoxImported(OperationId operationId, BoxId box, BaseDiskId base) implements OfOperation {}

  /**
   * One call cloned a box or a snapshot of it to new boxes, each with an empty overlay of a base.
   * Each box also had a {@link BoxCreated} event.
   *
   * @param operationId id of the operation
   * @param source the cloned box
   * @param base the base of the new disks
   * @param boxes the new boxes
   */
  record Cloned(OperationId operationId, BoxId source, BaseDiskId base, ImmutableList<BoxId> boxes)
      implements OfOperation {}

  /**
   * A box and its disks were removed.
   *
   * @param operationId id of the operation
   * @param box the removed box
   */
  record BoxRemoved(OperationId operationId, BoxId box) implements OfOperation {}

  /**
   * A box was renamed. Its snapshots followed, and no file changed.
   *
   * @param box the old name
   * @param newName the new name
   */
  record BoxRenamed(BoxId box, BoxId newName) implements Event {}

  /**
   * A box was unregistered, and its disks were left where they are.
   *
   * @param box the former name of the box
   * @param disksDir path of the disks directory
   */
  record BoxForgotten(BoxId box, Path disksDir) implements Event {}

  /**
   * The removal of a box removed a name at the path of a disk, but not the file itself: a symbolic
   * link was not followed, or a file still has other names.
   *
   * @param operationId id of the operation
   * @param box the removed box
   * @param path the removed path
   * @param what what was at the path, as a clause without its subject: {@code is a symbolic link}
   */
  record RemovedByName(OperationId operationId, BoxId box, Path path, String what)
      implements OfOperation {}

  /**
   * The removal of a box left a file or directory in place.
   *
   * @param operationId id of the operation
   * @param box the removed box
   * @param path path of the file or directory
   * @param reason why it was left, as a clause without its subject: {@code is a directory that is
   *     not empty}
   */
  record LeftInPlace(OperationId operationId, BoxId box, Path path, String reason)
      implements OfOperation {}

  /**
   * A box was restored: its disk is an empty overlay of a snapshot now, and its earlier content is
   * deleted.
   *
   * @param operationId id of the operation
   * @param box name of the box
   * @param snapshot id of the snapshot's base
   */
  record Restored(OperationId operationId, BoxId box, BaseDiskId snapshot) implements OfOperation {}

  /**
   * A box's disk got a shorter chain with the same content.
   *
   * @param operationId id of the operation
   * @param box the box
   * @param kept the nearest base of the disk now
   */
  record Compacted(OperationId operationId, BoxId box, BaseDiskId kept) implements OfOperation {}

  /**
   * A box's disk got a larger virtual size.
   *
   * @param operationId id of the operation
   * @param box the box
   * @param virtualSize the new virtual size
   */
  record Resized(OperationId operationId, BoxId box, ByteSize virtualSize) implements OfOperation {}

  /**
   * A user removed a snapshot. Its name is free, and its base is a clone base now. The next event
   * says whether the base was {@link Collected} or {@link Kept}.
   *
   * @param operation id of the operation; empty for none
   * @param box the box
   * @param name name of the snapshot; null if it had none
   * @param base the snapshot's base
   */
  record SnapshotRemoved(
      Optional<OperationId> operation, BoxId box, @Nullable SnapshotName name, BaseDiskId base)
      implements Event {}

  /**
   * A user renamed a snapshot.
   *
   * @param box the box
   * @param name the old name
   * @param newName the new name
   * @param base the snapshot's base
   */
  record SnapshotRenamed(BoxId box, SnapshotName name, SnapshotName newName, BaseDiskId base)
      implements Event {}

  /**
   * A base that nothing needed was deleted.
   *
   * @param operation id of the operation; empty for none
   * @param base id of the deleted base
   * @param freedBytes bytes that this freed
   */
  record Collected(Optional<OperationId> operation, BaseDiskId base, long freedBytes)
      implements Event {}

  /**
   * A user removed a foreign base: its record is deleted, and its file stays as it is.
   *
   * @param base id of the base
   */
  record GivenBack(BaseDiskId base) implements Event {}

  /**
   * A collect-pending base was kept.
   *
   * @param operation id of the operation; empty for none
   * @param base id of the kept base
   * @param reason why it was kept
   */
  record Kept(Optional<OperationId> operation, BaseDiskId base, KeepReason reason)
      implements Event {}

  /**
   * The status or header of a file could not be read. The operation continued without the file, and
   * the store's records of it stay.
   *
   * @param file path of the file
   * @param reason why it could not be read
   */
  record NotRead(Path file, String reason) implements Event {}

  /**
   * A collection failed. A later operation collects the collect-pending bases.
   *
   * @param reason why the collection failed
   */
  record CollectionPostponed(String reason) implements Event {}

  /**
   * The home is read-only until a person has decided what happened to it.
   *
   * @param problem what is wrong
   * @param message what happened and what to do, for people
   */
  record HomeUnusable(HomeUnusableException.Problem problem, String message) implements Event {}

  /**
   * An orphan of the home was deleted.
   *
   * @param file path of the orphan
   * @param freedBytes bytes that this freed
   */
  record Swept(Path file, long freedBytes) implements Event {}

  /**
   * A disagreement between the store, the files and their headers was repaired.
   *
   * @param operation id of the operation; empty for none
   * @param file the repaired file, or the file of the repaired record
   * @param detail what was wrong, as a clause for a message
   * @param remedy what was done, as an instruction for a message
   */
  record Repaired(Optional<OperationId> operation, Path file, String detail, String remedy)
      implements Event {}

  /**
   * An operation succeeded. Earlier events have the details.
   *
   * @param intent the intent of the operation
   * @param took duration of the operation, including the time that it waited for other operations
   */
  record Performed(Intent intent, Duration took) implements OfIntent {}

  /**
   * An operation failed or its process died, and the operation was rolled back.
   *
   * @param intent the intent of the operation
   */
  record RolledBack(Intent intent) implements OfIntent {}

  /**
   * An operation failed after its commit point or its process died, and the operation was rolled
   * forward.
   *
   * @param intent the intent of the operation
   */
  record RolledForward(Intent intent) implements OfIntent {}

  /**
   * The process of an operation died, and the state of its files does not show whether to roll it
   * forward or back. Its intent and files are left as they are.
   *
   * @param intent the intent of the operation
   * @param reason why the state is unclear
   */
  record LeftUndecided(Intent intent, String reason) implements OfIntent {}
}
