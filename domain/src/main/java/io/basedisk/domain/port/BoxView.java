package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The boxes in a {@link StoreView}, each with its disks and their directory. */
public interface BoxView {

  /**
   * {@return the box with a name; empty if there is none}
   *
   * @param id name of the box
   */
  Optional<Box> find(BoxId id);

  /**
   * {@return the box with a disks directory; empty if there is none}
   *
   * @param disksDir path of the directory, as it was recorded
   */
  Optional<Box> findByDisksDir(Path disksDir);

  /**
   * {@return the box with a disk; empty if there is none}
   *
   * @param disk path of the disk, as it was recorded
   */
  Optional<Box> findByDisk(Path disk);

  /**
   * {@return the inode number of a box's disks directory, recorded at its first use; empty if none
   * was recorded or the box does not exist}
   *
   * @param box name of the box
   */
  OptionalLong findDirectoryInode(BoxId box);

  /** {@return every box} */
  ImmutableList<Box> list();

  /**
   * {@return a page of all boxes in the order of their names, like {@link BaseView#listAfter}}
   *
   * @param after the last box of the previous page; null for the first page
   * @param limit maximum length of the page, 1 or more
   */
  ImmutableList<Box> listAfter(@Nullable BoxId after, int limit);
}
