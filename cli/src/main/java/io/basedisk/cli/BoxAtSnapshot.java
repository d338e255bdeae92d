package io.basedisk.cli;

import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import org.jspecify.annotations.Nullable;

/**
 * A box, or a snapshot of it: {@code BOX} or {@code BOX@SNAPSHOT}.
 *
 * @param snapshot null for the box as it is now
 */
record BoxAtSnapshot(BoxId box, @Nullable SnapshotName snapshot) {

  /**
   * Parses a box or a snapshot. The first {@code @} separates the names, since a box name has none.
   *
   * @throws io.basedisk.domain.error.InvalidArgumentException if a name is not valid
   */
  static BoxAtSnapshot parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new BoxAtSnapshot(BoxId.of(text), null)
        : new BoxAtSnapshot(
            BoxId.of(text.substring(0, at)), new SnapshotName(text.substring(at + 1)));
  }
}
