package io.basedisk.domain.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The paths of the files and directories in a home.
 *
 * @param home real, absolute path of the home directory
 */
public record HomeLayout(Path home) {

  /** Permission bits of directories that a VM's user may enter but not list. */
  public static final int PASS_THROUGH_MODE = 0711;

  /** Name of the disks directory in a box's directory. */
  public static final String DISKS = "disks";

  /** Permission bits of the store's directory, which only its owner may enter. */
  public static final int PRIVATE_MODE = 0700;

  /** Returns the directory of the bases' files. */
  public Path bases() {
    return home.resolve("bases");
  }

  /** Returns the directory of the boxes whose disks are in the home. */
  public Path boxes() {
    return home.resolve("boxes");
  }

  /** Returns the directory of the store's files and the operations' locks. */
  public Path db() {
    return home.resolve("db");
  }

  /** Returns the file with the home's id and the version of its layout. */
  public Path identityFile() {
    return home.resolve("home.json");
  }

  /** Returns the file with the number of the store's last write transaction. */
  public Path stampFile() {
    return home.resolve("stamp");
  }

  /**
   * Returns the file of the space reserve, which is deleted when an operation that frees space
   * needs space.
   */
  public Path reserveFile() {
    return db().resolve("reserve");
  }

  /** Returns the lock file of running operations: each locks one byte. */
  public Path operationsLock() {
    return db().resolve("operations.lock");
  }

  /**
   * Returns the file of a base.
   *
   * @param id id of the base
   */
  public Path baseFile(BaseDiskId id) {
    return bases().resolve(id.fileName());
  }

  /**
   * Returns the directory of a box whose disks are in the home.
   *
   * @param box name of the box
   */
  public Path boxDirectory(BoxId box) {
    return boxes().resolve(box.value());
  }

  /**
   * Returns the disks directory of a box whose disks are in the home.
   *
   * @param box name of the box
   */
  public Path disksDirectory(BoxId box) {
    return boxDirectory(box).resolve(DISKS);
  }

  /**
   * Returns the id in the name of a base's file; empty if the file is not directly in the bases
   * directory, or does not have a base's name.
   *
   * @param realPath real path of the file
   */
  public Optional<BaseDiskId> baseIdOf(Path realPath) {
    return bases().equals(realPath.getParent())
        ? BaseDiskId.ofFileName(String.valueOf(realPath.getFileName()))
        : Optional.empty();
  }

  /**
   * Returns whether a file is in the bases directory, at any depth.
   *
   * @param realPath real path of the file
   */
  public boolean isInBases(Path realPath) {
    return realPath.startsWith(bases());
  }
}
