package io.basedisk.cli;

import io.basedisk.domain.base.InternalSnapshots;

/** The option {@code --drop-internal} of the commands that make a base of a disk. */
final class DropInternal {

  private final Argument<Boolean> given;

  DropInternal(Arguments takes) {
    this.given =
        takes.flag(
            "--drop-internal",
            "Leave snapshots and bitmaps that are inside the disk's image in the base, where"
                + " nothing uses them: a disk that is forked, restored or cloned has none. Otherwise"
                + " a disk that has any is refused.");
  }

  /** Returns what becomes of the snapshots and bitmaps. */
  InternalSnapshots internals() {
    return given.or(false) ? InternalSnapshots.LEAVE_IN_BASE : InternalSnapshots.REFUSE;
  }
}
