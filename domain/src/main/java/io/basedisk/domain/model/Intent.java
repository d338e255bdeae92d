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
 * The durable plan of a running operation; each operation has its own record type. The intent is
 * committed before the operation's first change, and deleted by the transaction that records the
 * result.
 *
 * <p>An intent claims its {@link #boxes}, its {@link #disks} and its {@link #plannedBase}: no two
 * intents may claim the same box, disk file, base id, base file or base name.
 */
public sealed interface Intent {

  /** {@return the operation's id} The operation's process holds the lock of this id. */
  OperationId id();

  /** {@return the time at which the operation began, in whole seconds} */
  Instant startedAt();

  /** {@return the kind of operation} */
  Operation operation();

  /** {@return the boxes that the operation changes, creates or removes} */
  default ImmutableList<BoxClaim> boxes() {
    return ImmutableList.of();
  }

  /** {@return the existing disk files that the operation copies, replaces or removes} */
  default ImmutableList<DiskClaim> disks() {
    return ImmutableList.of();
  }

  /** {@return the base that the operation creates; empty if it creates none} */
  default Optional<PlannedBase> plannedBase() {
    return Optional.empty();
  }

  /** {@return the existing bases that must be kept while the intent exists} */
  default ImmutableSet<BaseDiskId> bases() {
    return ImmutableSet.of();
  }

  /** {@return the files and directories that the operation creates, parents first} */
  default ImmutableList<Path> createdFiles() {
    return ImmutableList.of();
  }

  /** An operation on one box. If the box is not registered yet, the operation registers it. */
  sealed interface OnBox extends Intent {

    /** {@return the box} */
    BoxClaim box();

    @Override
    default ImmutableList<BoxClaim> boxes() {
      return ImmutableList.of(box());
    }
  }

  /** An operation that turns a disk into a base, or copies it to one. */
  sealed interface NewBase extends OnBox {

    /** {@return the disk that is turned into the base or copied to it} */
    DiskClaim disk();

    /** {@return the base} */
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
   * An operation that creates a disk under a temporary name, and renames it when it is complete.
   */
  sealed interface NewDisk extends Intent {

    /** {@return the temporary path of the disk} */
    Path temporary();

    /** {@return the path of the complete disk} */
    Path disk();

    /** {@return the new directories above the disk, parents first} */
    ImmutableList<Path> newDirectories();
  }

  /** An operation that replaces a box's container disk by a new image. */
  sealed interface Replacement extends OnBox {

    /** {@return the disk that is replaced} */
    DiskClaim disk();

    /** {@return the other disks of the box, which are removed} */
    ImmutableList<DiskClaim> dropped();

    /** {@return the base that the new image is an overlay of} */
    BaseDiskId base();

    /** {@return the temporary path of the new image} */
    Path image();

    /**
     * {@return the second name of the replaced disk, for rolling back} It is removed when the
     * operation is complete.
     */
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
   * @param id id of the operation
   * @param box name of the box
   * @param disk the disk to fork
   * @param base the base that the disk becomes
   * @param copy temporary path of the base's file, if the disk can't be linked
   * @param overlay temporary path of the overlay
   * @param rollbackLink second name of the old disk for rolling back, if a copy becomes the base
   * @param startedAt time at which the operation began, in whole seconds
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

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param box see {@link #box}
     * @param disk see {@link #disk}
     * @param base see {@link #base}
     * @param copy see {@link #copy}
     * @param overlay see {@link #overlay}
     * @param rollbackLink see {@link #rollbackLink}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
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
   * The copy of a disk to a base.
   *
   * @param id id of the operation
   * @param box name of the box
   * @param disk the disk to copy
   * @param base the base that the copy becomes
   * @param copy temporary path of the base's file
   * @param startedAt time at which the operation began, in whole seconds
   */
  record Copy(
      OperationId id, BoxClaim box, DiskClaim disk, PlannedBase base, Path copy, Instant startedAt)
      implements NewBase {

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param box see {@link #box}
     * @param disk see {@link #disk}
     * @param base see {@link #base}
     * @param copy see {@link #copy}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
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
   * The creation of boxes with empty disks or overlays: all of them or none.
   *
   * @param id id of the operation
   * @param newBoxes the boxes, at least one
   * @param base the base that the disks are overlays of; null for empty disks
   * @param startedAt time at which the operation began, in whole seconds
   */
  record CreateBoxes(
      OperationId id, ImmutableList<NewBox> newBoxes, @Nullable BaseDiskId base, Instant startedAt)
      implements Intent {

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param newBoxes see {@link #newBoxes}
     * @param base see {@link #base}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
    public CreateBoxes {
      checkArgument(!newBoxes.isEmpty(), "operation %s must create a box", id);
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
   * @param id id of the operation
   * @param newBox the new box
   * @param temporary temporary path of the new disk
   * @param startedAt time at which the operation began, in whole seconds
   */
  record ImportBox(OperationId id, NewBox newBox, Path temporary, Instant startedAt)
      implements NewDisk {

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param newBox see {@link #newBox}
     * @param temporary see {@link #temporary}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
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
   * @param id id of the operation
   * @param box name of the box
   * @param base the base that the disk is an overlay of
   * @param temporary temporary path of the disk
   * @param disk path of the complete disk
   * @param startedAt time at which the operation began, in whole seconds
   */
  record AttachRootfs(
      OperationId id, BoxClaim box, BaseDiskId base, Path temporary, Path disk, Instant startedAt)
      implements OnBox, NewDisk {

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
   * The creation of an entry of the rootfs cache.
   *
   * @param id id of the operation
   * @param baseId id of the entry's base
   * @param file path of the base's file
   * @param key key of the entry
   * @param temporary temporary path of the base's file
   * @param startedAt time at which the operation began, in whole seconds
   */
  record AddRootfs(
      OperationId id,
      BaseDiskId baseId,
      Path file,
      SnapshotName key,
      Path temporary,
      Instant startedAt)
      implements Intent {

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param baseId see {@link #baseId}
     * @param file see {@link #file}
     * @param key see {@link #key}
     * @param temporary see {@link #temporary}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
    public AddRootfs {
      requireBeside(file, temporary);
    }

    @Override
    public Operation operation() {
      return Operation.ADD_ROOTFS;
    }

    /** {@return the entry's base} Its parent is unknown until its file is complete. */
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
   * @param id id of the operation
   * @param box name of the box
   * @param disk the replaced disk
   * @param dropped the other disks of the box, which are removed
   * @param base the snapshot
   * @param image temporary path of the new image
   * @param rollbackLink second name of the old disk, for rolling back
   * @param startedAt time at which the operation began, in whole seconds
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

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param box see {@link #box}
     * @param disk see {@link #disk}
     * @param dropped see {@link #dropped}
     * @param base see {@link #base}
     * @param image see {@link #image}
     * @param rollbackLink see {@link #rollbackLink}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
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
   * @param id id of the operation
   * @param box name of the box
   * @param disk the replaced disk
   * @param version version of the disk before it was read; the operation fails if the disk has
   *     changed since
   * @param base the base that stays below the disk
   * @param image temporary path of the new image
   * @param rollbackLink second name of the old disk, for rolling back
   * @param startedAt time at which the operation began, in whole seconds
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

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param box see {@link #box}
     * @param disk see {@link #disk}
     * @param version see {@link #version}
     * @param base see {@link #base}
     * @param image see {@link #image}
     * @param rollbackLink see {@link #rollbackLink}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
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
   * @param id id of the operation
   * @param box name of the box
   * @param disks the removed disks, at most one of each slot
   * @param bases the bases below the disks
   * @param startedAt time at which the operation began, in whole seconds
   */
  record RemoveBox(
      OperationId id,
      BoxClaim box,
      ImmutableList<DiskClaim> disks,
      ImmutableSet<BaseDiskId> bases,
      Instant startedAt)
      implements OnBox {

    /**
     * Checks the values.
     *
     * @param id see {@link #id}
     * @param box see {@link #box}
     * @param disks see {@link #disks}
     * @param bases see {@link #bases}
     * @param startedAt see {@link #startedAt}
     * @throws IllegalArgumentException if the values contradict each other or are out of range
     */
    public RemoveBox {
      requireOneEachSlot(disks.stream());
    }

    @Override
    public Operation operation() {
      return Operation.REMOVE_BOX;
    }
  }

  /** Checks that a rename stays in one directory. */
  private static void requireBeside(Path file, Path temporary) {
    checkArgument(
        Objects.equals(file.getParent(), temporary.getParent()) && !file.equals(temporary),
        "%s is not another name in the directory of %s",
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
