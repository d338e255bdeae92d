package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.ImageCheckDocument;
import io.basedisk.domain.image.RepairScope;
import java.nio.file.Path;

/** {@code basedisk image check}. */
final class ImageCheckCommand extends Command {

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<RepairScope> repair =
      takes.option(
          ImmutableList.of("--repair", "-r"),
          "WHAT",
          RepairScope::ofLabel,
          "Repair the image in place. 'leaks': free clusters that nothing refers to. 'all': make"
              + " every repair that loses no data. Refused for an image that is open, for a base or"
              + " disk of the home, and for a file with a second hard link.");

  ImageCheckCommand(RootCommand root) {
    super(
        root,
        "Compares the references in a qcow2 image with its refcounts, as qemu-img check does. If"
            + " the image has errors or leaks, the exit code is 7. The backing file is not read.",
        "If a process writes to the image during the check, the image may seem damaged.");
    new QemuOptions(this)
        .qcow2Only("a raw image has no tables to check")
        .output()
        .quiet()
        .progress()
        .cache("-T")
        .withoutLocks();
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
