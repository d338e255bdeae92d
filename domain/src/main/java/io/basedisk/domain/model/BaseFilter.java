package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * Which bases to list.
 *
 * @param sourceBox only those forked from this box; null for any
 * @param kind only those of this kind; null for any
 */
public record BaseFilter(@Nullable BoxId sourceBox, @Nullable BaseDiskKind kind) {

  /** Every base. */
  public static final BaseFilter ALL = new BaseFilter(null, null);
}
