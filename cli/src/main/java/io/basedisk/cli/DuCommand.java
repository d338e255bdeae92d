package io.basedisk.cli;

import io.basedisk.cli.render.SpaceDocument;
import io.basedisk.domain.model.BoxId;

/** {@code basedisk du}. */
final class DuCommand extends Command {

  private final Argument<BoxId> box =
      takes.optionalParameter("BOX", BoxId::of, "Only this box and the bases that its disks need.");

  DuCommand(RootCommand root) {
    super(
        root,
        "Shows the space that each base and box occupies, would free, and shares.",
        "",
        "VIRTUAL: the size of the disk that a guest sees.",
        "ALLOCATED: the space that its own files occupy.",
        "EXCLUSIVE: the space that its removal would free. For a box: its disks, and every base"
            + " that no other box, snapshot or rootfs needs; the box's snapshots stay. For a base:"
            + " 0 if a box, a snapshot or a rootfs depends on it; else its file, and every base"
            + " below that only it needs. No byte is exclusive to two.",
        "SHARED: the space of the bases that the box needs and that would stay without it.",
        "NEEDED BY: the boxes that need the base, directly or through other bases, and the number"
            + " of bases on it.",
        "",
        "The total counts all files; with BOX, the box's disks and the bases that they need. 'gc"
            + " would free' is computed without the images' headers. gc reads these, and may find"
            + " another reason to keep a base.");
    examples("  basedisk du", "  basedisk du web-1", "  basedisk --json du");
  }

  @Override
  public Integer call() {
    return root.run(
        disks ->
            new SpaceDocument(
                box.isGiven() ? disks.space().of(box.get()) : disks.space().ofHome()));
  }
}
