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

  /** {@return the directory of the bases' files} */
  public Path bases() {
    return home.resolve("bases");
  }

  /** {@return the directory of the boxes whose disks are in the home} */
  public Path boxes() {
    return home.resolve("boxes");
  }

  /** {@return the directory of the store's files and the operations' locks} */
  public Path db() {
    return home.resolve("db");
  }

  /** {@return the file with the home's id and the version of its layout} */
  public Path identityFile() {
    return home.resolve("home.json");
  }

  /** {@return the file with the number of the store's last write transaction} */
  public Path stampFile() {
    return home.resolve("stamp");
  }

  /**
   * {@return the file of the space reserve, which is deleted when an operation that frees space
   * needs space}
   */
  public Path reserveFile() {
    return db().resolve("reserve");
  }

  /** {@return the lock file of running operations: each locks one byte} */
  public Path operationsLock() {
    return db().resolve("operations.lock");
  }

  /**
   * {@return the file of a base}
   *
   * @param id id of the base
   */
  public Path baseFile(BaseDiskId id) {
    return bases().resolve(id.fileName());
  }

  /**
   * {@return the directory of a box whose disks are in the home}
   *
   * @param box name of the box
   */
  public Path boxDirectory(BoxId box) {
    return boxes().resolve(box.value());
  }

  /**
   * {@return the disks directory of a box whose disks are in the home}
   *
   * @param box name of the box
   */
  public Path disksDirectory(BoxId box) {
    return boxDirectory(box).resolve(DISKS);
  }

  /**
   * {@return the id in the name of a base's file; empty if the file is not directly in the bases
   * directory, or does not have a base's name}
   *
   * @param realPath real path of the file
   */
  public Optional<BaseDiskId> baseIdOf(Path realPath) {
    return bases().equals(realPath.getParent())
        ? BaseDiskId.ofFileName(String.valueOf(realPath.getFileName()))
        : Optional.empty();
  }

  /**
   * {@return whether a file is in the bases directory, at any depth}
   *
   * @param realPath real path of the file
   */
  public boolean isInBases(Path realPath) {
    return realPath.startsWith(bases());
  }
}
