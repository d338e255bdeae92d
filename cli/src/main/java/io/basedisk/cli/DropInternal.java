package io.basedisk.cli;

import io.basedisk.domain.base.InternalSnapshots;

/** The option {@code --drop-internal} of the commands that make a disk a base. */
final class DropInternal {

  private final Argument<Boolean> given;

  DropInternal(Arguments takes) {
    this.given =
        takes.flag(
            "--drop-internal",
            "If the image has internal snapshots or bitmaps, leave them in the base, where nothing"
                + " uses them; the new disk has none. Without this option such a disk is refused.");
  }

  boolean isGiven() {
    return given.isGiven();
  }

  /** {@return whether to refuse internal snapshots and bitmaps or to leave them in the base} */
  InternalSnapshots internals() {
    return given.or(false) ? InternalSnapshots.LEAVE_IN_BASE : InternalSnapshots.REFUSE;
  }
}
