package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;

/** The parameters that name one snapshot of a box: {@code BOX NAME} or {@code BOX@NAME}. */
final class SnapshotArgument {

  private final Argument<BoxAtSnapshot> box;
  private final Argument<SnapshotName> name;

  /**
   * Adds the parameters, which must be the last of the command.
   *
   * @param description the description of the name
   */
  SnapshotArgument(Arguments takes, String description) {
    this.box = takes.parameter("BOX", BoxAtSnapshot::parse, "The box.");
    this.name = takes.optionalParameter("NAME", SnapshotName::new, description);
  }

  BoxId box() {
    return box.get().box();
  }

  /**
   * {@return the snapshot}
   *
   * @throws InvalidArgumentException if it is not named, or named twice
   */
  SnapshotName name() {
    SnapshotName attached = box.get().snapshot();
    if (attached == null && name.isGiven()) {
      return name.get();
    }
    if (attached == null || name.isGiven()) {
      throw new InvalidArgumentException("name one snapshot: BOX NAME or BOX@NAME");
    }
    return attached;
  }
}
