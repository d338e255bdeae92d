package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * A filter for lists of bases.
 *
 * @param sourceBox matches bases forked from this box; null matches all
 * @param kind matches bases of this kind; null matches all
 */
public record BaseFilter(@Nullable BoxId sourceBox, @Nullable BaseDiskKind kind) {

  /** Every base. */
  public static final BaseFilter ALL = new BaseFilter(null, null);
}
