package io.basedisk.domain.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The durable note that says which operation is under way and what it plans: one record type for
 * each operation. It is committed before the operation's first change and dropped with its last.
 *
 * <p>An intent claims its {@link #boxes}, its {@link #disks} and its {@link #plannedBase}: no two
 * intents may claim the same box, disk file, base id, base file or base name.
 */
public sealed interface Intent {

  /** Returns the operation's id. The owner of the operation holds the lock of that number. */
  OperationId id();

  /** Returns when the operation began, to the second. */
  Instant startedAt();

  /** Returns the operation that is under way. */
  Operation operation();

  /** Returns the boxes that the operation changes, makes or removes. */
  default ImmutableList<BoxClaim> boxes() {
    return ImmutableList.of();
  }

  /** Returns the existing disk files that the operation copies, replaces or removes. */
  default ImmutableList<DiskClaim> disks() {
    return ImmutableList.of();
  }

  /** Returns the base that the operation makes. */
  default Optional<PlannedBase> plannedBase() {
    return Optional.empty();
  }

  /** Returns the existing bases that must stay while the intent stands. */
  default ImmutableSet<BaseDiskId> bases() {
    return ImmutableSet.of();
  }

  /**
   * Returns the files and directories that the operation creates, each directory before what is in
   * it.
   */
  default ImmutableList<Path> createdFiles() {
    return ImmutableList.of();
  }

  /** An operation on one registered box, or one that it registers where the disks are. */
  sealed interface OnBox extends Intent {

    /** Returns the box. */
    BoxClaim box();

    @Override
    default ImmutableList<BoxClaim> boxes() {
      return ImmutableList.of(box());
    }
  }

  /** An operation that makes a base of a disk. */
  sealed interface NewBase extends OnBox {

    /** Returns the disk that the base is made of. */
    DiskClaim disk();

    /** Returns the base. */
    PlannedBase base();

    @Override
    default ImmutableList<DiskClaim> disks() {
      return ImmutableList.of(disk());
    }

    @Override
    default Optional<PlannedBase> plannedBase() {
      return Optional.of(base());
    }

    @Override
    default ImmutableSet<BaseDiskId> bases() {
      BaseDiskId parent = base().parentId();
      return parent == null ? ImmutableSet.of() : ImmutableSet.of(parent);
    }
  }

  /**
   * An operation that makes a disk under a temporary name and gives it its own name by a rename.
   */
  sealed interface NewDisk extends Intent {

    /** Returns the temporary name. */
    Path temporary();

    /** Returns the name of the complete disk. */
    Path disk();

    /** Returns the new directories that the disk is in, each before the directory in it. */
    ImmutableList<Path> newDirectories();
  }

  /** An operation that puts a new image in the place of a box's container disk. */
  sealed interface Replacement extends OnBox {

    /** Returns the disk that is replaced. */
    DiskClaim disk();

    /** Returns the other disks of the box that go with the replaced one. */
    ImmutableList<DiskClaim> dropped();

    /** Returns the base that the new image is an overlay of. */
    BaseDiskId base();

    /** Returns the temporary name of the new image. */
    Path image();

    /** Returns the second name that the replaced disk keeps until the operation is complete. */
    Path rollbackLink();

    @Override
    default ImmutableList<DiskClaim> disks() {
      return ImmutableList.<DiskClaim>builder().add(disk()).addAll(dropped()).build();
    }

    @Override
    default ImmutableSet<BaseDiskId> bases() {
      return ImmutableSet.of(base());
    }

    @Override
    default ImmutableList<Path> createdFiles() {
      return ImmutableList.of(image(), rollbackLink());
    }
  }

  /**
   * The fork of a disk into a base and an overlay.
   *
   * @param copy the temporary name of the base's file where the disk can't be linked
   * @param overlay the temporary name of the overlay
   * @param rollbackLink the second name that the old disk keeps where its copy becomes the base
   */
  record Fork(
      OperationId id,
      BoxClaim box,
      DiskClaim disk,
      PlannedBase base,
      Path copy,
      Path overlay,
      Path rollbackLink,
      Instant startedAt)
      implements NewBase {

    public Fork {
      requireBeside(base.path(), copy);
      requireBeside(disk.path(), overlay);
      requireBeside(disk.path(), rollbackLink);
    }

    @Override
    public Operation operation() {
      return Operation.FORK;
    }

    @Override
    public ImmutableList<Path> createdFiles() {
      return ImmutableList.of(base.path(), copy, overlay, rollbackLink);
    }
  }

  /**
   * The copy of a disk into a base.
   *
   * @param copy the temporary name of the base's file
   */
  record Copy(
      OperationId id, BoxClaim box, DiskClaim disk, PlannedBase base, Path copy, Instant startedAt)
      implements NewBase {

    public Copy {
      requireBeside(base.path(), copy);
    }

    @Override
    public Operation operation() {
      return Operation.COPY;
    }

    @Override
    public ImmutableList<Path> createdFiles() {
      return ImmutableList.of(base.path(), copy);
    }
  }

  /**
   * The creation of boxes with empty disks or overlays, all or none.
   *
   * @param newBoxes one box or more
   * @param base the base that the disks are overlays of; null for empty disks
   */
  record CreateBoxes(
      OperationId id, ImmutableList<NewBox> newBoxes, @Nullable BaseDiskId base, Instant startedAt)
      implements Intent {

    public CreateBoxes {
      checkArgument(!newBoxes.isEmpty(), "operation %s creates no box", id);
    }

    @Override
    public Operation operation() {
      return Operation.CREATE_BOXES;
    }

    @Override
    public ImmutableList<BoxClaim> boxes() {
      return newBoxes.stream().map(NewBox::claim).collect(ImmutableList.toImmutableList());
    }

    @Override
    public ImmutableSet<BaseDiskId> bases() {
      return base == null ? ImmutableSet.of() : ImmutableSet.of(base);
    }

    @Override
    public ImmutableList<Path> createdFiles() {
      return newBoxes.stream()
          .flatMap(box -> Stream.of(box.directory(), box.disksDir(), box.disk()))
          .collect(ImmutableList.toImmutableList());
    }
  }

  /**
   * The import of an image as the disk of a new box.
   *
   * @param newBox the box
   */
  record ImportBox(OperationId id, NewBox newBox, Path temporary, Instant startedAt)
      implements NewDisk {

    public ImportBox {
      requireBeside(newBox.disk(), temporary);
    }

    @Override
    public Operation operation() {
      return Operation.IMPORT_BOX;
    }

    @Override
    public Path disk() {
      return newBox.disk();
    }

    @Override
    public ImmutableList<Path> newDirectories() {
      return newBox.directories();
    }

    @Override
    public ImmutableList<BoxClaim> boxes() {
      return ImmutableList.of(newBox.claim());
    }

    @Override
    public ImmutableList<Path> createdFiles() {
      return ImmutableList.of(newBox.directory(), newBox.disksDir(), temporary, newBox.disk());
    }
  }

  /**
   * The attachment of a guest-rootfs disk to a box.
   *
   * @param base the base that the disk is an overlay of
   */
  record AttachRootfs(
      OperationId id, BoxClaim box, BaseDiskId base, Path temporary, Path disk, Instant startedAt)
      implements OnBox, NewDisk {

    public AttachRootfs {
      requireBeside(disk, temporary);
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

  /**
   * The making of a new entry of the rootfs cache.
   *
   * @param baseId the id of the entry's base
   * @param file the base's file
   * @param key the entry's key
   * @param temporary the temporary name of the base's file
   */
  record AddRootfs(
      OperationId id,
      BaseDiskId baseId,
      Path file,
      SnapshotName key,
      Path temporary,
      Instant startedAt)
      implements Intent {

    public AddRootfs {
      requireBeside(file, temporary);
    }

    @Override
    public Operation operation() {
      return Operation.ADD_ROOTFS;
    }

    /** Returns the entry's base. Its parent is known when its file is complete. */
    public PlannedBase base() {
      return new PlannedBase(baseId, file, BoxId.GLOBAL, key, BaseDiskKind.ROOTFS, null);
    }

    @Override
    public Optional<PlannedBase> plannedBase() {
      return Optional.of(base());
    }

    @Override
    public ImmutableList<Path> createdFiles() {
      return ImmutableList.of(temporary, file);
    }
  }

  /**
   * The restore of a box to one of its snapshots.
   *
   * @param base the snapshot
   */
  record Restore(
      OperationId id,
      BoxClaim box,
      DiskClaim disk,
      ImmutableList<DiskClaim> dropped,
      BaseDiskId base,
      Path image,
      Path rollbackLink,
      Instant startedAt)
      implements Replacement {

    public Restore {
      requireBeside(disk.path(), image);
      requireBeside(disk.path(), rollbackLink);
      requireOneEachSlot(Stream.concat(Stream.of(disk), dropped.stream()));
    }

    @Override
    public Operation operation() {
      return Operation.RESTORE;
    }
  }

  /**
   * The compaction of a box's disk.
   *
   * @param version what the disk was when it was read: the operation fails if it is written to
   *     after that
   * @param base the base that is kept below the disk
   */
  record Compact(
      OperationId id,
      BoxClaim box,
      DiskClaim disk,
      FileVersion version,
      BaseDiskId base,
      Path image,
      Path rollbackLink,
      Instant startedAt)
      implements Replacement {

    public Compact {
      requireBeside(disk.path(), image);
      requireBeside(disk.path(), rollbackLink);
    }

    @Override
    public Operation operation() {
      return Operation.COMPACT;
    }

    @Override
    public ImmutableList<DiskClaim> dropped() {
      return ImmutableList.of();
    }
  }

  /**
   * The removal of a box.
   *
   * @param disks the disks that go, at most one of each slot
   * @param bases the bases that the disks stand on
   */
  record RemoveBox(
      OperationId id,
      BoxClaim box,
      ImmutableList<DiskClaim> disks,
      ImmutableSet<BaseDiskId> bases,
      Instant startedAt)
      implements OnBox {

    public RemoveBox {
      requireOneEachSlot(disks.stream());
    }

    @Override
    public Operation operation() {
      return Operation.REMOVE_BOX;
    }
  }

  /** A rename must stay in one directory. */
  private static void requireBeside(Path file, Path temporary) {
    checkArgument(
        Objects.equals(file.getParent(), temporary.getParent()) && !file.equals(temporary),
        "%s is not another name beside %s",
        temporary,
        file);
  }

  private static void requireOneEachSlot(Stream<DiskClaim> disks) {
    ImmutableList<DiskSlot> slots =
        disks.map(DiskClaim::slot).collect(ImmutableList.toImmutableList());
    checkArgument(
        slots.stream().distinct().count() == slots.size(), "a slot has two disks: %s", slots);
  }
}
