package io.basedisk.domain.model;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * The intent of a relocation: everything that makes a home that was moved or copied consistent at
 * the path where it is now. It is committed before the first change, and as long as it stands no
 * other operation changes the home. A store has at most one.
 *
 * @param operation its id; its owner holds the lock of that number
 * @param from which home the store belonged to, and where
 * @param to which home it belongs to afterwards, and where: a copy has another id
 * @param rewrites the headers whose backing name changes
 * @param leftOut the boxes that a copy leaves to the original home: their disks are outside of it
 */
public record Relocation(
    OperationId operation,
    HomeIdentity from,
    HomeIdentity to,
    ImmutableList<HeaderRewrite> rewrites,
    ImmutableList<BoxId> leftOut) {

  /** Returns whether the home is a copy of another one, which goes on at its own path. */
  public boolean isCopy() {
    return !from.id().equals(to.id());
  }

  /**
   * A header to change.
   *
   * @param file the image, at its path after the relocation
   * @param inode which file that is; another one is never written to
   * @param mode the permission bits that the file has before and after
   * @param patch what changes
   */
  public record HeaderRewrite(Path file, long inode, int mode, HeaderPatch patch) {}
}
