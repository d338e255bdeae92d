package io.basedisk.cli;

import io.basedisk.cli.render.SpaceDocument;
import io.basedisk.domain.model.BoxId;

/** {@code basedisk du}. */
final class DuCommand extends Command {

  private final Argument<BoxId> box =
      takes.optionalParameter(
          "BOX", BoxId::of, "Only this box, and the bases that its disks need.");

  DuCommand(RootCommand root) {
    super(
        root,
        "Shows where the space went: what each base and box occupies, holds alone, and shares.",
        "",
        "ALLOCATED: what its own files occupy on the file system.",
        "EXCLUSIVE: what would be freed if it went. Of a box: its disks, and every base that is"
            + " there for no other box, snapshot or rootfs; its own snapshots would stay. Of a base:"
            + " 0 as long as a box, a snapshot or a rootfs stands on it; else its file, and every base"
            + " below it that is there for it alone. No byte is exclusive to two.",
        "SHARED: what the bases occupy that the box needs and that would stay if it went.",
        "NEEDED BY: the boxes that need the base, directly or through other bases, and how many bases"
            + " stand on it.",
        "",
        "The total is that of all files; with BOX, of the box's disks and of the bases that they"
            + " need. 'gc would free' is told without a look at the images' headers, which gc reads:"
            + " it may find another reason to keep a base.");
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
