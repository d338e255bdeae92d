package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.cli.render.ImageCheckDocument;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.qcow2.check.ImageRepair;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.check.RepairScope;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image check}. */
@Command(
    name = "check",
    description = {
      "Compares what a qcow2 image refers to with its refcounts, as qemu-img check does; exit code 7"
          + " if something is wrong with it. Its backing file is not looked at.",
      "An image that somebody writes to meanwhile may seem damaged."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk image check --json disk.qcow2",
      "  basedisk image check disk.qcow2 --repair leaks"
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageCheckCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(paramLabel = "FILE", description = "The image.")
  private Path file;

  @Option(
      names = "--repair",
      paramLabel = "WHAT",
      description =
          "Mend it in place: 'leaks', clusters that are counted and not used; 'all', whatever can be"
              + " mended without a loss. Refused while the image is open anywhere, for the bases and"
              + " disks of the home, and for a file with a second name.")
  private @Nullable RepairScope repair;

  ImageCheckCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    ImageCheckDocument document = repair == null ? check() : repair(repair);
    root.print(document);
    return (document.left().isClean() ? ExitCode.DONE : ExitCode.FINDINGS).number();
  }

  private ImageCheckDocument check() {
    try (ProgressLine progress = root.progress("check")) {
      return ImageCheckDocument.of(file, RefcountCheck.check(file, progress));
    }
  }

  private ImageCheckDocument repair(RepairScope scope) {
    if (!Files.exists(file)) {
      throw new NotFoundException(file + ": no such file");
    }
    WhenLocksCantBeAsked otherwise = root.refuseManaged(ImmutableList.of(file));
    ImageRepair mending = new ImageRepair(OperatingSystem.current(), otherwise);
    try (ProgressLine progress = root.progress("repair")) {
      return ImageCheckDocument.of(file, mending.repair(file, scope, progress));
    }
  }
}
