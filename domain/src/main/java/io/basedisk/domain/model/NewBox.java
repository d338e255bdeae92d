package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * A box that an intent makes in the home, with its directories and its container disk.
 *
 * @param directory the box's own directory
 * @param disksDir the directory of its disks, below {@code directory}
 * @param disk its container disk, in {@code disksDir}
 */
public record NewBox(BoxId box, Path directory, Path disksDir, Path disk) {

  public NewBox {
    Preconditions.checkArgument(
        directory.equals(disksDir.getParent()), "%s is not in %s", disksDir, directory);
    Preconditions.checkArgument(
        disksDir.equals(disk.getParent()), "%s is not in %s", disk, disksDir);
  }

  /** Returns the new box {@code box} at its place in {@code home}. */
  public static NewBox in(HomeLayout home, BoxId box) {
    Path disksDir = home.disksDirectory(box);
    return new NewBox(
        box, home.boxDirectory(box), disksDir, disksDir.resolve(DiskSlot.CONTAINER.fileName()));
  }

  /** Returns the claim on this box. */
  public BoxClaim claim() {
    return new BoxClaim(box, disksDir);
  }

  /** Returns the new directories, each before the directory in it. */
  public ImmutableList<Path> directories() {
    return ImmutableList.of(directory, disksDir);
  }
}
