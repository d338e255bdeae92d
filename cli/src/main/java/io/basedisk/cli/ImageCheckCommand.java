package io.basedisk.cli;

import io.basedisk.cli.render.ImageCheckDocument;
import io.basedisk.domain.image.RepairScope;
import java.nio.file.Path;

/** {@code basedisk image check}. */
final class ImageCheckCommand extends Command {

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<RepairScope> repair =
      takes.option(
          "--repair",
          "WHAT",
          RepairScope::ofLabel,
          "Mend it in place: 'leaks', clusters that are counted and not used; 'all', whatever can be"
              + " mended without a loss. Refused while the image is open anywhere, for the bases and"
              + " disks of the home, and for a file with a second name.");

  ImageCheckCommand(RootCommand root) {
    super(
        root,
        "Compares what a qcow2 image refers to with its refcounts, as qemu-img check does; exit code 7"
            + " if something is wrong with it. Its backing file is not looked at.",
        "An image that somebody writes to meanwhile may seem damaged.");
    examples(
        "  basedisk image check --json disk.qcow2",
        "  basedisk image check disk.qcow2 --repair leaks");
  }

  @Override
  public Integer call() {
    ImageCheckDocument document = repair.isGiven() ? repair(repair.get()) : check();
    root.print(document);
    return (document.left().isClean() ? ExitCode.DONE : ExitCode.FINDINGS).number();
  }

  private ImageCheckDocument check() {
    try (ProgressLine progress = root.progress("check")) {
      return ImageCheckDocument.of(file.get(), root.images().check(file.get(), progress));
    }
  }

  private ImageCheckDocument repair(RepairScope scope) {
    try (ProgressLine progress = root.progress("repair")) {
      return root.withImages(
          tools -> ImageCheckDocument.of(file.get(), tools.repair(file.get(), scope, progress)));
    }
  }
}
