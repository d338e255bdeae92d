package io.basedisk.domain.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where everything is in a home directory.
 *
 * @param home the real, absolute path of the home directory
 */
public record HomeLayout(Path home) {

  /** The permission bits of directories that a VM's user passes through but can't list. */
  public static final int PASS_THROUGH_MODE = 0711;

  /** The name of the directory of a box's disks, in the directory of the box. */
  public static final String DISKS = "disks";

  /** The permission bits of the directory of the store, which is its owner's alone. */
  public static final int PRIVATE_MODE = 0700;

  /** Returns the directory of the bases' files. */
  public Path bases() {
    return home.resolve("bases");
  }

  /** Returns the directory of the boxes that have no disks directory elsewhere. */
  public Path boxes() {
    return home.resolve("boxes");
  }

  /** Returns the directory of the store's files and the operations' locks. */
  public Path db() {
    return home.resolve("db");
  }

  /** Returns the file that names the home: its id, and the version of its layout. */
  public Path identityFile() {
    return home.resolve("home.json");
  }

  /** Returns the file that holds the number of the store's last write transaction. */
  public Path stampFile() {
    return home.resolve("stamp");
  }

  /** Returns the file that is given up when a command that frees space finds none. */
  public Path reserveFile() {
    return db().resolve("reserve");
  }

  /** Returns the file whose bytes the running operations lock. */
  public Path operationsLock() {
    return db().resolve("operations.lock");
  }

  /** Returns the file of the base {@code id}. */
  public Path baseFile(BaseDiskId id) {
    return bases().resolve(id.fileName());
  }

  /** Returns the directory of a box that is kept in this home. */
  public Path boxDirectory(BoxId box) {
    return boxes().resolve(box.value());
  }

  /** Returns the disks directory of a box that is kept in this home. */
  public Path disksDirectory(BoxId box) {
    return boxDirectory(box).resolve(DISKS);
  }

  /**
   * Returns the id of the base whose file {@code realPath} is by its name, or empty if it is not
   * directly in the bases directory or not named as a base.
   */
  public Optional<BaseDiskId> baseIdOf(Path realPath) {
    return bases().equals(realPath.getParent())
        ? BaseDiskId.ofFileName(String.valueOf(realPath.getFileName()))
        : Optional.empty();
  }

  /** Returns whether {@code realPath} is in the bases directory, at any depth. */
  public boolean isInBases(Path realPath) {
    return realPath.startsWith(bases());
  }
}
