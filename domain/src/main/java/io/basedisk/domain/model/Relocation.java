package io.basedisk.domain.model;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * The intent of a relocation, which adapts a moved or copied home to its new path. It is committed
 * before the first change. While it exists, no other operation changes the home. A store has at
 * most one.
 *
 * @param operation id of the operation, whose lock its process holds
 * @param from id and path of the home before
 * @param to id and path of the home afterwards; a copy gets a new id
 * @param rewrites the headers whose backing names change
 * @param leftOut boxes that stay with the original home, because their disks are outside the copied
 *     directory
 */
public record Relocation(
    OperationId operation,
    HomeIdentity from,
    HomeIdentity to,
    ImmutableList<HeaderRewrite> rewrites,
    ImmutableList<BoxId> leftOut) {

  /** {@return whether the home is a copy, whose original stays in use at the old path} */
  public boolean isCopy() {
    return !from.id().equals(to.id());
  }

  /**
   * A header whose backing name changes.
   *
   * @param file path of the image after the relocation
   * @param inode inode number of the image; no other file is written to
   * @param mode permission bits of the file before and afterwards
   * @param patch the change
   */
  public record HeaderRewrite(Path file, long inode, int mode, HeaderPatch patch) {}
}
