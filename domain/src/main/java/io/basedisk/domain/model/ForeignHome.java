package io.basedisk.domain.model;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * What the database of another program's home says. Nothing of it is checked: names, paths and
 * times are as the database has them.
 *
 * @param boxes the boxes, in the order in which they were made
 * @param bases the base disks, in the order in which they were made; a snapshot that is recorded
 *     twice is here once for each record
 */
public record ForeignHome(ImmutableList<ForeignBox> boxes, ImmutableList<ForeignBase> bases) {

  /** Maximum length in characters of a text that a reader returns. A longer one is cut. */
  public static final int MAX_TEXT = 4_096;

  /**
   * A box.
   *
   * @param id id of the box
   * @param name name that the user gave it; null for none
   * @param directory directory of the box; null for the usual one
   * @param status state of its VM; null if unknown
   * @param createdAt time in Unix seconds
   */
  public record ForeignBox(
      String id,
      @Nullable String name,
      @Nullable String directory,
      @Nullable String status,
      long createdAt) {}

  /**
   * A base disk.
   *
   * @param box id of the box that it was made from; that box may be gone
   * @param name name of a snapshot, or key of a rootfs; null for none
   * @param kind kind of the base
   * @param path path of its file
   * @param createdAt time in Unix seconds
   */
  public record ForeignBase(
      String box, @Nullable String name, BaseDiskKind kind, String path, long createdAt) {}
}
