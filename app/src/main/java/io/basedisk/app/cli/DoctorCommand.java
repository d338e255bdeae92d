package io.basedisk.app.cli;

import io.basedisk.app.cli.render.DoctorDocument;
import io.basedisk.domain.doctor.Doctor.Depth;

/** {@code basedisk doctor}. */
final class DoctorCommand extends Command {

  private final Argument<Boolean> repair =
      takes.flag("--repair", "Mend what can be mended without losing anything.");

  private final Argument<Boolean> deep =
      takes.flag(
          "--deep",
          "Read every byte of every base and compare its checksum with that of the first time.");

  DoctorCommand(RootCommand root) {
    super(
        root,
        "Finds every disagreement between the records, the files and the images' headers, and says"
            + " what would mend it and whether that can lose anything.",
        "Exit code 0: nothing is wrong; 7: something is left.");
    examples("  basedisk doctor --repair     mend what can be mended without a loss");
  }

  @Override
  public Integer call() {
    Depth depth = deep.or(false) ? Depth.CONTENT : Depth.METADATA;
    return root.run(
        disks ->
            new DoctorDocument(
                repair.or(false) ? disks.doctor().repair(depth) : disks.doctor().examine(depth)),
        document -> document.report().findings().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS);
  }
}
