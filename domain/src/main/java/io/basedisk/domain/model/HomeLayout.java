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

  /**
   * Separates the name of a box from the number of its directory. No box name contains it, so that
   * no two boxes want the same directory.
   */
  private static final String NUMBER_MARK = "~";

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
   * {@return the usual directory of a box whose disks are in the home}
   *
   * @param box name of the box
   */
  public Path boxDirectory(BoxId box) {
    return boxes().resolve(box.value());
  }

  /**
   * {@return a directory for a box whose usual directory belongs to a renamed box: {@code
   * boxes/web~2}}
   *
   * @param box name of the box
   * @param number number of the directory, 2 or more
   */
  public Path boxDirectory(BoxId box, int number) {
    return boxes().resolve(box.value() + NUMBER_MARK + number);
  }

  /**
   * {@return the directory of a box with its disks in the home; empty if the disks directory is not
   * {@code boxes/<directory>/disks}}
   *
   * @param disksDir path of the disks directory
   */
  public Optional<Path> boxDirectoryOf(Path disksDir) {
    return Optional.ofNullable(disksDir.getParent())
        .filter(directory -> boxes().equals(directory.getParent()))
        .filter(directory -> disksDir.endsWith(DISKS));
  }

  /**
   * {@return the name that a box had when its directory was made; empty if no box's directory has
   * such a name} The box may have been renamed since.
   *
   * @param boxDirectory path of a directory in {@link #boxes}
   */
  public static Optional<BoxId> firstNameOf(Path boxDirectory) {
    String name = String.valueOf(boxDirectory.getFileName());
    return BoxId.find(
        isNumbered(boxDirectory) ? name.substring(0, name.indexOf(NUMBER_MARK)) : name);
  }

  /**
   * {@return whether the name of a directory is a box's name with a number}
   *
   * @param boxDirectory path of a directory in {@link #boxes}
   */
  public static boolean isNumbered(Path boxDirectory) {
    String name = String.valueOf(boxDirectory.getFileName());
    return name.matches("[^~]+~[1-9][0-9]{0,8}");
  }

  /**
   * {@return the usual disks directory of a box whose disks are in the home}
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
