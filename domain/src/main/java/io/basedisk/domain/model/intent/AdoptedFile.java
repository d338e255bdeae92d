package io.basedisk.domain.model.intent;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileVersion;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file that an adoption records: as the container disk of a new box, or as a base.
 *
 * @param path real path of the file before the adoption
 * @param identity device and inode of the file
 * @param version version of the file when the adoption was planned
 * @param format format of the file; a box's disk and a moved file are qcow2
 * @param virtualSize virtual size in bytes
 * @param role what the file becomes
 * @param parent the nearest base in the file's chain; null for none
 * @param move the file's new place in the home; null if the file stays
 */
public record AdoptedFile(
    Path path,
    FileIdentity identity,
    FileVersion version,
    ImageFormat format,
    long virtualSize,
    Role role,
    @Nullable BaseDiskId parent,
    @Nullable Move move) {

  /** Suffix of the guest-rootfs disk's name of a box whose disk stays where it is. */
  private static final String GUEST_ROOTFS_SUFFIX = ".guest-rootfs.qcow2";

  /** What an adopted file becomes. */
  public sealed interface Role {

    /**
     * The container disk of a new box.
     *
     * @param box name of the box
     */
    record BoxDisk(BoxId box) implements Role {}

    /**
     * A base.
     *
     * @param id id of the base
     */
    record Base(BaseDiskId id) implements Role {}
  }

  /**
   * The move of a file into the home. The file is linked to its target or, on another file system,
   * copied to it. Its old name is removed last.
   *
   * @param target path of the file in the home
   * @param temporary temporary path of a copy, beside {@code target}
   * @param aside hidden name that a copied file gets before it is deleted, beside its old name
   * @param mode permission bits of the file
   * @param patch change of the backing name in the file's header; null if the name stays
   */
  public record Move(
      Path target, Path temporary, Path aside, int mode, @Nullable HeaderPatch patch) {

    /**
     * Checks the values.
     *
     * @param target see {@link #target}
     * @param temporary see {@link #temporary}
     * @param aside see {@link #aside}
     * @param mode see {@link #mode}
     * @param patch see {@link #patch}
     * @throws IllegalArgumentException if the values contradict each other
     */
    public Move {
      IntentChecks.requireBeside(target, temporary);
    }
  }

  /**
   * Checks the values.
   *
   * @param path see {@link #path}
   * @param identity see {@link #identity}
   * @param version see {@link #version}
   * @param format see {@link #format}
   * @param virtualSize see {@link #virtualSize}
   * @param role see {@link #role}
   * @param parent see {@link #parent}
   * @param move see {@link #move}
   * @throws IllegalArgumentException if the values contradict each other
   */
  public AdoptedFile {
    Preconditions.checkArgument(
        format == ImageFormat.QCOW2 || (move == null && role instanceof Role.Base),
        "%s is a raw file, which can't be a disk and is not moved",
        path);
    if (move != null) {
      IntentChecks.requireBeside(path, move.aside());
    }
  }

  /** {@return the path of the file after the adoption} */
  public Path finalPath() {
    return move == null ? path : move.target();
  }

  /** {@return the directory of the file after the adoption} */
  public Path finalDirectory() {
    return Preconditions.checkNotNull(finalPath().getParent());
  }

  /** {@return the directory of the file before the adoption} */
  public Path directory() {
    return Preconditions.checkNotNull(path.getParent());
  }

  /** {@return the claim on the file} */
  public DiskClaim claim() {
    return new DiskClaim(DiskSlot.CONTAINER, path, identity);
  }

  /** {@return the directories that the move creates, parents first} */
  public ImmutableList<Path> newDirectories() {
    if (move == null || !(role instanceof Role.BoxDisk)) {
      return ImmutableList.of();
    }
    Path disksDir = finalDirectory();
    return ImmutableList.of(Preconditions.checkNotNull(disksDir.getParent()), disksDir);
  }

  /** {@return the files and directories that the move creates, parents first} */
  ImmutableList<Path> createdFiles() {
    return move == null
        ? ImmutableList.of()
        : ImmutableList.<Path>builder()
            .addAll(newDirectories())
            .add(move.temporary(), move.target(), move.aside())
            .build();
  }

  /**
   * {@return the path of the guest-rootfs disk of a box whose container disk stays where it is} A
   * directory may hold the disks of several boxes, so the name depends on the container disk.
   *
   * @param disk path of the container disk
   */
  public static Path guestRootfsOf(Path disk) {
    return disk.resolveSibling(disk.getFileName() + GUEST_ROOTFS_SUFFIX);
  }

  /**
   * {@return the record of the box}
   *
   * @param box name of the box
   * @param createdAt time of the adoption, in whole seconds
   */
  public Box toBox(BoxId box, Instant createdAt) {
    return move == null
        ? new Box(
            box,
            directory(),
            ImmutableMap.of(DiskSlot.CONTAINER, path, DiskSlot.GUEST_ROOTFS, guestRootfsOf(path)),
            true,
            createdAt)
        : new Box(box, finalDirectory(), createdAt);
  }

  /**
   * {@return the record of the base}
   *
   * @param id id of the base
   * @param parent id of the parent's record; null for none
   * @param length length of the file in bytes
   * @param createdAt time of the adoption, in whole seconds
   */
  public BaseDisk toBase(
      BaseDiskId id, @Nullable BaseDiskId parent, long length, Instant createdAt) {
    return new BaseDisk(
        id,
        BoxId.GLOBAL,
        null,
        BaseDiskKind.CLONE_BASE,
        new DiskInfo(finalPath(), format, move == null, virtualSize, length),
        parent,
        createdAt);
  }

  /**
   * {@return the target of a box's disk that moves into a home}
   *
   * @param home paths of the home
   * @param box name of the box
   */
  public static Path targetOf(HomeLayout home, BoxId box) {
    return home.disksDirectory(box).resolve(DiskSlot.CONTAINER.fileName());
  }
}
