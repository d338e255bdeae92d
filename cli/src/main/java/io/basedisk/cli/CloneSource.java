package io.basedisk.cli;

import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import org.jspecify.annotations.Nullable;

/**
 * The source of a clone: {@code BOX} or {@code BOX@SNAPSHOT}.
 *
 * @param snapshot null to clone the box as it is now
 */
record CloneSource(BoxId box, @Nullable SnapshotName snapshot) {

  /**
   * Parses a source. The first {@code @} separates the names, since a box name has none.
   *
   * @throws io.basedisk.domain.error.InvalidArgumentException if a name is not valid
   */
  static CloneSource parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new CloneSource(BoxId.of(text), null)
        : new CloneSource(
            BoxId.of(text.substring(0, at)), new SnapshotName(text.substring(at + 1)));
  }
}
