package io.basedisk.domain.space;

import com.google.common.collect.ImmutableSortedSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;

/** The space of a base. Thread-safe. */
public final class BaseSpace {

  private final BaseDisk base;
  private final long allocatedBytes;
  private final long exclusiveBytes;
  private final int children;
  private final SpaceAccounts accounts;

  BaseSpace(
      BaseDisk base,
      long allocatedBytes,
      long exclusiveBytes,
      int children,
      SpaceAccounts accounts) {
    this.base = base;
    this.allocatedBytes = allocatedBytes;
    this.exclusiveBytes = exclusiveBytes;
    this.children = children;
    this.accounts = accounts;
  }

  /** {@return the base} */
  public BaseDisk base() {
    return base;
  }

  /** {@return the space that the base's file occupies, in bytes; 0 if the file is missing} */
  public long allocatedBytes() {
    return allocatedBytes;
  }

  /**
   * {@return the space that is freed if this base is removed, in bytes} This is the space of its
   * own file and of every base below it that only this base needs; 0 if a disk, a snapshot or a
   * rootfs above needs the base. An unneeded base, which will be collected anyway, counts only its
   * own file.
   *
   * <p>No byte is exclusive to two bases, or to a base and a box.
   */
  public long exclusiveBytes() {
    return exclusiveBytes;
  }

  /** {@return the number of bases whose parent is this base} */
  public int children() {
    return children;
  }

  /**
   * {@return the boxes whose disks need this base, directly or through other bases, ordered by
   * name} Each call calculates the set, in time proportional to its size.
   */
  public ImmutableSortedSet<BoxId> sharedWith() {
    return accounts.boxesOn(base.id());
  }
}
