package io.basedisk.domain.model.intent;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import java.nio.file.Path;

/**
 * A box that an operation creates in the home, with its directories and its container disk.
 *
 * @param box name of the box
 * @param directory directory of the box
 * @param disksDir directory of its disks, in {@code directory}
 * @param disk path of its container disk, in {@code disksDir}
 */
public record NewBox(BoxId box, Path directory, Path disksDir, Path disk) {

  /**
   * Checks the values.
   *
   * @param box see {@link #box}
   * @param directory see {@link #directory}
   * @param disksDir see {@link #disksDir}
   * @param disk see {@link #disk}
   * @throws IllegalArgumentException if the values contradict each other or are out of range
   */
  public NewBox {
    Preconditions.checkArgument(
        directory.equals(disksDir.getParent()), "%s is not in %s", disksDir, directory);
    Preconditions.checkArgument(
        disksDir.equals(disk.getParent()), "%s is not in %s", disk, disksDir);
  }

  /**
   * {@return a new box with its default paths in a home}
   *
   * @param home paths of the home
   * @param box name of the box
   */
  public static NewBox in(HomeLayout home, BoxId box) {
    return in(home.boxDirectory(box), box);
  }

  /**
   * {@return a new box in a directory, with its default paths below it}
   *
   * @param directory directory of the box
   * @param box name of the box
   */
  public static NewBox in(Path directory, BoxId box) {
    Path disksDir = directory.resolve(HomeLayout.DISKS);
    return new NewBox(box, directory, disksDir, disksDir.resolve(DiskSlot.CONTAINER.fileName()));
  }

  /** {@return an intent's claim on this box} */
  public BoxClaim claim() {
    return new BoxClaim(box, disksDir);
  }

  /** {@return the new directories, parents first} */
  public ImmutableList<Path> directories() {
    return ImmutableList.of(directory, disksDir);
  }
}
