package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.demo.Demo;
import io.basedisk.cli.demo.DemoReport;
import io.basedisk.cli.demo.QemuImg;
import io.basedisk.cli.demo.Step;
import io.basedisk.cli.scratch.ScratchDirectory;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.BackingFile;
import java.nio.file.Path;
import java.util.Optional;

/** {@code basedisk demo}. */
final class DemoCommand extends Command {

  private final Argument<Path> image =
      takes.optionalParameter(
          "IMAGE",
          Path::of,
          "A qcow2 image without a backing file. The demo copies it and uses the copy as the first"
              + " disk. No process may write to it during the copy.");

  DemoCommand(RootCommand root) {
    super(
        root,
        "Shows the main job step by step on a scratch home: creates a disk, writes to it as a guest"
            + " would, forks, snapshots, clones, removes and collects. After each step it prints"
            + " the lineage and reads all content back.",
        "The scratch home is a temporary directory that is removed at the end; --home is not used."
            + " If qemu-img is installed, it also checks every file.");
    examples("  basedisk demo", "  basedisk demo debian-12.qcow2");
  }

  @Override
  public Integer call() {
    if (image.isGiven()) {
      requireStandalone(image.get());
    }
    try (ScratchDirectory scratch =
        ScratchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")))) {
      DemoReport report = run(scratch.path());
      root.print(report);
      return (report.hasPassed() ? ExitCode.DONE : ExitCode.FAILED).number();
    }
  }

  private DemoReport run(Path scratch) {
    Path home = scratch.resolve("home");
    Optional<QemuImg> qemuImg = QemuImg.find(root.console().environment("PATH"));
    if (!root.json()) {
      root.console().out().println("The main job of basedisk, on the scratch home " + home + ".");
    }
    try (BaseDisks disks = BaseDisks.open(home)) {
      ImmutableList<Step> steps = new Demo(scratch, disks, qemuImg, this::show).run(image.orNull());
      return new DemoReport(steps, qemuImg.isPresent());
    }
  }

  private void show(Step step) {
    if (!root.json() && !root.quiet()) {
      root.print(step);
      root.console().flush();
    }
  }

  private void requireStandalone(Path image) {
    BackingFile backing = root.images().info(image).backing();
    if (backing != null) {
      throw new InvalidImageException(
          image
              + ": has the backing file \""
              + backing.name()
              + "\"; a file that an image from outside names is not opened");
    }
  }
}
