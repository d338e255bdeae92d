package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.DoctorDocument;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.port.Progress;

/** {@code basedisk doctor}. */
final class DoctorCommand extends Command {

  private final Argument<Boolean> repair =
      takes.flag("--repair", "Mend what can be mended without losing anything.");

  private final Argument<Boolean> deep =
      takes.flag(
          "--deep",
          "Read every byte of every base and compare its digest with the recorded one; the first"
              + " time, record it. With --repair, a base with its recorded content and another"
              + " modification time gets that recorded.");

  private final Argument<BaseDiskId> acceptChanged =
      takes.option(
          "--accept-changed",
          "ID",
          BaseDiskId::new,
          "With --repair: take the content that this base has now as its content. For a base of"
              + " which no digest was recorded, after a check of the image. What stands on the base"
              + " reads that content from now on.");

  private final OperationSettling settling = new OperationSettling(takes);

  DoctorCommand(RootCommand root) {
    super(
        root,
        "Finds every disagreement between the records, the files and the images' headers, and says"
            + " what would mend it and whether that can lose anything.",
        "Exit code 0: nothing is wrong; 7: something is left.");
    examples(
        "  basedisk doctor --repair               mend what can be mended without a loss",
        "  basedisk doctor --deep                 read all bytes of all bases, too");
  }

  @Override
  public Integer call() {
    if (settling.isGiven()) {
      if (repair.or(false) || deep.or(false) || acceptChanged.isGiven()) {
        throw new InvalidArgumentException(
            "--settle goes without --repair, --deep and --accept-changed");
      }
      return settling.run(root);
    }
    if (acceptChanged.isGiven() && !repair.or(false)) {
      throw new InvalidArgumentException("--accept-changed goes with --repair");
    }
    try (TidyStop stop = new TidyStop()) {
      return root.run(
          this::examine,
          document -> document.report().findings().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS);
    }
  }

  private DoctorDocument examine(BaseDisks disks) {
    Depth depth = deep.or(false) ? Depth.CONTENT : Depth.METADATA;
    try (ProgressLine progress = root.progress("doctor")) {
      if (acceptChanged.isGiven()) {
        Finding accepted = disks.doctor().acceptChanged(acceptChanged.get(), progress);
        return new DoctorDocument(
            with(accepted, disks.doctor().repair(depth, Progress.NONE)));
      }
      return new DoctorDocument(
          repair.or(false)
              ? disks.doctor().repair(depth, progress)
              : disks.doctor().examine(depth, progress));
    }
  }

  private static Doctor.Report with(Finding accepted, Doctor.Report report) {
    return new Doctor.Report(
        report.findings(),
        ImmutableList.<Finding>builder().add(accepted).addAll(report.repaired()).build());
  }
}
