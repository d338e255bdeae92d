package io.basedisk.domain.space;

import com.google.common.collect.ImmutableSortedSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;

/** What a base occupies, and for whom. Safe for many threads. */
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

  /** Returns its record, which says the virtual size. */
  public BaseDisk base() {
    return base;
  }

  /** Returns the bytes that its own file occupies; 0 if the file is missing. */
  public long allocatedBytes() {
    return allocatedBytes;
  }

  /**
   * Returns the bytes that would be freed if this base alone went: 0 as long as a disk of a box, a
   * snapshot or a rootfs stands on it; else those of its own file and of every base below it that
   * is there for this one only. A base that nothing needs, itself included, is waiting to be
   * collected, and so are those below it that are there for it only: each has its own bytes alone.
   *
   * <p>So no byte is exclusive to two bases, nor to a base and a box.
   */
  public long exclusiveBytes() {
    return exclusiveBytes;
  }

  /** Returns the number of bases that have it as parent. */
  public int children() {
    return children;
  }

  /**
   * Returns the boxes with a disk that needs it, directly or through other bases, ordered by name.
   * Each call works that out anew, in time that grows with their number alone.
   */
  public ImmutableSortedSet<BoxId> sharedWith() {
    return accounts.boxesOn(base.id());
  }
}
