package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * What to do about an error or a finding of the doctor.
 *
 * <p>A remedy is data without text: each kind is a record with its files or ids. The program that
 * shows it finds the words; the command line, for example, shows its commands and options. Ids are
 * text and numbers, because the types in {@code model} depend on this package.
 */
public sealed interface Remedy {

  /** {@return whether the remedy can lose data} */
  default boolean isLossy() {
    return false;
  }

  /** A remedy that can lose data: the newest writes to a disk, for example. */
  sealed interface Lossy extends Remedy {
    @Override
    default boolean isLossy() {
      return true;
    }
  }

  // The home.

  /**
   * Check the path of the home and that its file system is mounted, or create the home.
   *
   * @param home path of the home
   */
  record CheckHome(Path home) implements Remedy {}

  /** Relocate the home to its current path. */
  record RelocateHome() implements Remedy {}

  /** Relocate the home as a copy: the original is still at its path. */
  record RelocateAsCopy() implements Remedy {}

  /** Relocate the home as moved: the old path has no home. */
  record RelocateAsMoved() implements Remedy {}

  /**
   * Relocate the home, and say whether it was moved or copied.
   *
   * @param original path where the home was before
   */
  record SayMovedOrCopied(Path original) implements Remedy {}

  /** Restore the newest copy of the store or, if it is lost, rebuild the store from the files. */
  record RebuildStore() implements Remedy {}

  /** Restore the store from a backup, or rebuild it: it records files of another home. */
  record PutStoreBack() implements Lossy {}

  /** Mount the file system of the home for writing, or run as the user that owns the home. */
  record MakeHomeWritable() implements Remedy {}

  /** Free space on the file system, or make it or the quota larger. */
  record FreeSpace() implements Remedy {}

  /** Let the doctor repair the home, which loses nothing. */
  record RepairWithDoctor() implements Remedy {}

  /**
   * Allow an import to transfer more, if its source is trusted.
   *
   * @param bytes number of bytes that it would transfer, uncompressed
   */
  record RaiseLimit(long bytes) implements Remedy {}

  // Names that do not exist.

  /**
   * Name a box that exists.
   *
   * @param missing name of the box that does not exist
   */
  record NameBox(String missing) implements Remedy {}

  /**
   * Name a snapshot that the box has.
   *
   * @param box name of the box
   * @param missing name of the snapshot that does not exist
   */
  record NameSnapshot(String box, String missing) implements Remedy {}

  /**
   * Name a rootfs that exists.
   *
   * @param missing key of the rootfs that does not exist
   */
  record NameRootfs(String missing) implements Remedy {}

  /**
   * Name a base that exists.
   *
   * @param missing id of the base that does not exist
   */
  record NameBase(String missing) implements Remedy {}

  // Names that are taken.

  /**
   * Choose another name for a new box.
   *
   * @param taken the name of a box that exists
   */
  record ChooseBoxName(String taken) implements Remedy {}

  /**
   * Choose another name for a new snapshot.
   *
   * @param box name of the box
   * @param taken the name of a snapshot that the box has
   */
  record ChooseSnapshotName(String box, String taken) implements Remedy {}

  /**
   * Choose another key for a new rootfs.
   *
   * @param taken the key of a rootfs that exists
   */
  record ChooseRootfsKey(String taken) implements Remedy {}

  /**
   * Choose another path for a new file.
   *
   * @param taken path of the file that exists
   */
  record ChooseFile(Path taken) implements Remedy {}

  /**
   * Choose another path for a new file, or ask to overwrite the file or block device there.
   *
   * @param taken path of the file that exists
   */
  record ChooseFileOrOverwrite(Path taken) implements Lossy {}

  /**
   * Choose another file or block device to overwrite.
   *
   * @param refused path of the present one
   */
  record ChooseOtherTarget(Path refused) implements Remedy {}

  /** Use the home that exists. */
  record UseHome() implements Remedy {}

  // Removals.

  /**
   * Remove the snapshots of a box with the box.
   *
   * @param box name of the box
   */
  record RemoveSnapshotsToo(String box) implements Remedy {}

  /**
   * Look at the boxes and bases that need a base, and remove them first.
   *
   * @param base id of the base
   */
  record SeeDependents(String base) implements Remedy {}

  // Operations.

  /** Repeat the operation, because another process changed something at the same time. */
  record Repeat() implements Remedy {}

  /** Find out from the doctor which operations were interrupted. */
  record FindOperation() implements Remedy {}

  /**
   * Wait until an operation ends.
   *
   * @param operation id of the operation
   */
  record WaitForOperation(long operation) implements Remedy {}

  /**
   * Restore the files that an interrupted operation needs, or settle the operation without them.
   * Its disk keeps its current content.
   *
   * @param operation id of the operation
   */
  record SettleOperation(long operation) implements Remedy {}

  // Missing, changed or unknown files.

  /**
   * Mount the file system of a directory.
   *
   * @param directory path of the directory
   */
  record MountFileSystem(Path directory) implements Remedy {}

  /**
   * Mount the file system of a file, or restore the file from a backup.
   *
   * @param file path of the file
   */
  record BringFileBack(Path file) implements Lossy {}

  /**
   * Mount the file system of the missing file in an image's backing chain, or restore that file.
   *
   * @param image path of the image
   */
  record BringBackingFileBack(Path image) implements Lossy {}

  /**
   * Restore a file from a backup.
   *
   * @param file path of the file
   */
  record PutBackFromBackup(Path file) implements Lossy {}

  /**
   * Restore a base's file from a backup, or remove the boxes and bases that need it.
   *
   * @param file path of the file
   */
  record PutBaseBack(Path file) implements Lossy {}

  /**
   * Make a file readable for basedisk, or restore it from a backup.
   *
   * @param file path of the file
   */
  record MakeReadable(Path file) implements Lossy {}

  /**
   * Mount the file system of a box's disks, or restore the recorded directory.
   *
   * @param directory path of the directory
   */
  record PutDirectoryBack(Path directory) implements Lossy {}

  /**
   * Replace a link or special file by a regular file or a directory.
   *
   * @param path the path
   */
  record PutDiskInPlace(Path path) implements Lossy {}

  /**
   * Remove the other names of a disk's file.
   *
   * @param disk path of the disk
   */
  record RemoveOtherNames(Path disk) implements Remedy {}

  /**
   * Copy an orphan if its content is needed, then discard it.
   *
   * @param file path of the file
   */
  record DiscardOrphan(Path file) implements Lossy {}

  /**
   * Change the owner of a file, unless a VM needs the current owner.
   *
   * @param file path of the file
   * @param user numeric user id
   */
  record ChangeOwner(Path file, int user) implements Remedy {}

  /**
   * Remove other users' write permission on a directory.
   *
   * @param directory path of the directory
   */
  record KeepOthersOut(Path directory) implements Remedy {}

  /**
   * Name the box of a disks directory for the rebuild: the directory's own name is not a box name.
   *
   * @param disksDir path of the disks directory
   */
  record NameDisksDirectory(Path disksDir) implements Remedy {}

  // Boxes.

  /**
   * Delete a box's disks, which were there before basedisk, or unregister the box and leave them.
   *
   * @param box name of the box
   */
  record DeleteOrForget(String box) implements Lossy {}

  // Bases.

  /**
   * Compare the content of a base with its recorded digest, to find out whether it changed.
   *
   * @param base id of the base
   */
  record CompareContent(String base) implements Remedy {}

  /**
   * Restore a changed base's file from a backup, or accept its current content.
   *
   * @param base id of the base
   */
  record AcceptChanged(String base) implements Lossy {}

  // Images and VMs.

  /**
   * Allow a file to be opened as an image's backing file, if the image is trusted.
   *
   * @param file path of the file
   */
  record AllowBacking(Path file) implements Remedy {}

  /**
   * Store the backing file's format in an image's header.
   *
   * @param image path of the image
   * @param backing path of the backing file
   */
  record SetBackingFormat(Path image, Path backing) implements Remedy {}

  /**
   * Store the backing file's absolute path in an image's header.
   *
   * @param image path of the image
   * @param backing path of the backing file
   */
  record MakeBackingAbsolute(Path image, Path backing) implements Remedy {}

  /**
   * Store another backing file in an image's header, because the chain is a cycle.
   *
   * @param image path of the image
   */
  record ChangeBacking(Path image) implements Lossy {}

  /**
   * Find out which program wrote an image's header, and restore the image from a backup.
   *
   * @param image path of the image
   */
  record QuestionHeader(Path image) implements Lossy {}

  /**
   * Repair the metadata of a box's disk while its VM is stopped.
   *
   * @param disk path of the disk
   */
  record RepairDisk(Path disk) implements Lossy {}

  /**
   * Free the leaked clusters of a box's disk while its VM is stopped.
   *
   * @param disk path of the disk
   */
  record FreeLeaks(Path disk) implements Remedy {}

  /**
   * Repair the metadata of an image that is not a box's disk.
   *
   * @param image path of the image
   */
  record RepairImage(Path image) implements Lossy {}

  /**
   * Accept that a disk loses its internal snapshots and bitmaps: they stay in the base, and the new
   * overlay has none.
   *
   * @param disk path of the disk
   */
  record DropInternal(Path disk) implements Remedy {}

  /**
   * Stop the process that has an image open, for example a VM.
   *
   * @param image path of the image
   */
  record EndUse(Path image) implements Remedy {}

  /**
   * Unmount a block device, or end its other use by the kernel.
   *
   * @param device path of the device
   */
  record ReleaseDevice(Path device) implements Remedy {}

  /**
   * Stop the VM of a disk, then fork the disk.
   *
   * @param disk path of the disk
   */
  record StopVm(Path disk) implements Remedy {}

  /**
   * Pause the VM of a disk and flush its caches, then copy the disk.
   *
   * @param disk path of the disk
   */
  record PauseVm(Path disk) implements Remedy {}

  /**
   * Confirm that no process uses an image, because the file system can't say.
   *
   * @param image path of the image
   */
  record ConfirmUnused(Path image) implements Remedy {}

  // Registries.

  /**
   * Log in to a registry with a program that writes docker's or podman's credential files.
   *
   * @param registry host of the registry, with its port if there is one
   */
  record LogIn(String registry) implements Remedy {}

  /**
   * Check the name of a registry and the network, then repeat the operation.
   *
   * @param registry host of the registry, with its port if there is one
   */
  record CheckRegistry(String registry) implements Remedy {}

  /**
   * Give the certificate of the authority that signed a registry's certificate.
   *
   * @param registry host of the registry, with its port if there is one
   */
  record TrustAuthority(String registry) implements Remedy {}

  /**
   * Allow plain HTTP for a registry, if its network is trusted.
   *
   * @param registry host of the registry, with its port if there is one
   */
  record AllowPlainHttp(String registry) implements Remedy {}
}
