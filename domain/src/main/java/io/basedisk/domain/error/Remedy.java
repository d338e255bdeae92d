package io.basedisk.domain.error;

import java.nio.file.Path;

/**
 * What a person or a program can do about an error or a finding of the doctor.
 *
 * <p>A remedy is data: a kind and what it is about. It has no words, since only the program that
 * shows it knows how its users do it; the command line turns each into its commands and options.
 * Ids are text and numbers here, since the types of {@code model} throw the errors of this package.
 */
public sealed interface Remedy {

  /** Returns whether it can lose data. */
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

  /** Check that {@code home} is the right path and that its file system is mounted, or make it. */
  record CheckHome(Path home) implements Remedy {}

  /** Relocate the home to where it is now. */
  record RelocateHome() implements Remedy {}

  /** Relocate the home as a copy: the original is still at its path. */
  record RelocateAsCopy() implements Remedy {}

  /** Relocate the home as moved: no original is at its old path. */
  record RelocateAsMoved() implements Remedy {}

  /** Relocate the home, and say whether it was moved from {@code original} or is a copy of it. */
  record SayMovedOrCopied(Path original) implements Remedy {}

  /** Put the newest store of the home back or, if it is lost, rebuild the store from the files. */
  record RebuildStore() implements Remedy {}

  /** Put the store back from a backup, or rebuild it: it names files that are not its own. */
  record PutStoreBack() implements Lossy {}

  /** Mount the file system of the home for writing, or run as the user that owns the home. */
  record MakeHomeWritable() implements Remedy {}

  /** Free space on the file system, or make it or the quota larger. */
  record FreeSpace() implements Remedy {}

  /** Let the doctor repair the home, which loses nothing. */
  record RepairWithDoctor() implements Remedy {}

  // Operations.

  /** Wait until an operation ends. */
  record WaitForOperation(long operation) implements Remedy {}

  /**
   * Bring back the files that an interrupted operation expects, or settle the operation: its disk
   * stays as it is now.
   */
  record SettleOperation(long operation) implements Remedy {}

  // Files that are away, changed or unknown.

  /** Mount the file system that has the files of a directory. */
  record MountFileSystem(Path directory) implements Remedy {}

  /** Mount the file system of a file, or put the file back from a backup. */
  record BringFileBack(Path file) implements Lossy {}

  /**
   * Mount the file system of the missing file in an image's backing chain, or put the file back.
   */
  record BringBackingFileBack(Path image) implements Lossy {}

  /** Put a file back from a backup. */
  record PutBackFromBackup(Path file) implements Lossy {}

  /** Put a base's file back from a backup, or remove the boxes and bases that stand on it. */
  record PutBaseBack(Path file) implements Lossy {}

  /** Make a file readable for basedisk, or put it back from a backup. */
  record MakeReadable(Path file) implements Lossy {}

  /** Mount the file system of a box's disks, or put the recorded directory back. */
  record PutDirectoryBack(Path directory) implements Lossy {}

  /** Put a regular file, or a directory, in place of a link or another kind of file. */
  record PutDiskInPlace(Path path) implements Lossy {}

  /** Remove all names of a disk but {@code disk}. */
  record RemoveOtherNames(Path disk) implements Remedy {}

  /** Keep a copy of an orphan if it is needed, then discard the orphan. */
  record DiscardOrphan(Path file) implements Lossy {}

  /** Give a file to a user, if no VM needs its present owner. */
  record ChangeOwner(Path file, int user) implements Remedy {}

  /** Take from other users the permission to write to a directory. */
  record KeepOthersOut(Path directory) implements Remedy {}

  /** Add the box whose disks are in a directory, whose name is no box's, to the rebuild. */
  record NameDisksDirectory(Path disksDir) implements Remedy {}

  // Bases.

  /** Compare the content of a base with its digest, which tells whether it changed. */
  record CompareContent(String base) implements Remedy {}

  /** Put a changed base's file back from a backup, or accept the content that it has now. */
  record AcceptChanged(String base) implements Lossy {}

  // Images and VMs.

  /** Allow an image to back onto a file, if that is meant. */
  record AllowBacking(Path file) implements Remedy {}

  /** Record in an image's header the format of its backing file. */
  record SetBackingFormat(Path image, Path backing) implements Remedy {}

  /** Make the backing file's name in an image's header absolute. */
  record MakeBackingAbsolute(Path image, Path backing) implements Remedy {}

  /** Name another backing file in an image's header: its chain is a cycle. */
  record ChangeBacking(Path image) implements Lossy {}

  /** Find out who wrote an image's header, and put the image back from a backup. */
  record QuestionHeader(Path image) implements Lossy {}

  /** Repair the metadata of a box's disk, while no VM runs on it. */
  record RepairDisk(Path disk) implements Lossy {}

  /** Free the clusters of a box's disk that nothing uses, while no VM runs on it. */
  record FreeLeaks(Path disk) implements Remedy {}

  /** Repair the metadata of an image that is no box's disk. */
  record RepairImage(Path image) implements Lossy {}

  /** Leave the internal snapshots and bitmaps of a disk in its base: the new overlay has none. */
  record DropInternal(Path disk) implements Remedy {}

  /** Stop the VM that runs on a disk, then fork the disk. */
  record StopVm(Path disk) implements Remedy {}

  /** Pause the VM that runs on a disk and let it write what it has, then copy the disk. */
  record PauseVm(Path disk) implements Remedy {}

  /** Confirm that no process uses an image, where the file system can't tell. */
  record ConfirmUnused(Path image) implements Remedy {}
}
