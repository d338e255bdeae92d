package io.basedisk.app.cli;

import io.basedisk.app.cli.render.DoctorDocument;
import io.basedisk.domain.doctor.Doctor.Depth;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code basedisk doctor}. */
@Command(
    name = "doctor",
    description = {
      "Finds every disagreement between the records, the files and the images' headers, and says"
          + " what would mend it and whether that can lose anything.",
      "Exit code 0: nothing is wrong; 7: something is left."
    },
    footerHeading = "%nExample:%n",
    footer = "  basedisk doctor --repair     mend what can be mended without a loss")
final class DoctorCommand implements Callable<Integer> {

  private final RootCommand root;

  @Option(names = "--repair", description = "Mend what can be mended without losing anything.")
  private boolean repair;

  @Option(
      names = "--deep",
      description =
          "Read every byte of every base and compare its checksum with that of the first time.")
  private boolean deep;

  DoctorCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Depth depth = deep ? Depth.CONTENT : Depth.METADATA;
    return root.run(
        disks ->
            new DoctorDocument(
                repair ? disks.doctor().repair(depth) : disks.doctor().examine(depth)),
        document -> document.report().findings().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS);
  }
}
