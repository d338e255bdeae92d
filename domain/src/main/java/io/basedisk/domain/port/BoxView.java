package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The boxes of a {@link StoreView}, each with its disks and the directory that they are in. */
public interface BoxView {

  /** Returns the box with that name. */
  Optional<Box> find(BoxId id);

  /** Returns the box whose disks directory is {@code disksDir}, compared as it was recorded. */
  Optional<Box> findByDisksDir(Path disksDir);

  /** Returns the box that has the disk {@code disk}, compared as it was recorded. */
  Optional<Box> findByDisk(Path disk);

  /**
   * Returns the inode number of a box's disks directory, as it was recorded at first use; empty if
   * none was, or there is no such box.
   */
  OptionalLong findDirectoryInode(BoxId box);

  /** Returns every box. */
  ImmutableList<Box> list();

  /**
   * Returns boxes in the order of their names: a part of a walk through all of them, as {@link
   * BaseView#listAfter} is.
   */
  ImmutableList<Box> listAfter(@Nullable BoxId after, int limit);
}
