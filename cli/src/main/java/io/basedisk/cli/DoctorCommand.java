package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.DoctorDocument;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.List;

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
          "With --repair: take the content that this base has now as its content. For a base"
              + " without a recorded digest, after a check of the image. What stands on the base"
              + " reads that content from now on.");

  private final OperationSettling settling = new OperationSettling(takes);

  private final Argument<Boolean> rebuild =
      takes.flag(
          "--rebuild",
          "Make a store that is lost or out of date anew from the files of the home. Deletes"
              + " nothing, and keeps the old store beside the new one.");

  private final Argument<List<Path>> disksDirs =
      takes.repeatableOption(
          "--disks-dir",
          "DIR",
          Path::of,
          "With --rebuild: the disks directory of a box that is not in the home. Can be given"
              + " several times.");

  private final Argument<Boolean> dryRun =
      takes.flag("--dry-run", "With --rebuild: print what would be recorded, and change nothing.");

  DoctorCommand(RootCommand root) {
    super(
        root,
        "Finds every disagreement between the records, the files and the images' headers, and says"
            + " what would mend it and whether that can lose anything.",
        "Exit code 0: nothing is wrong; 7: something is left.");
    examples(
        "  basedisk doctor --repair               mend what can be mended without a loss",
        "  basedisk doctor --deep                 read all bytes of all bases, too",
        "  basedisk doctor --rebuild --dry-run    what can be found again after the store was"
            + " lost");
  }

  @Override
  public Integer call() {
    boolean examines = repair.or(false) || deep.or(false) || acceptChanged.isGiven();
    if (rebuild.or(false)) {
      requireAlone("--rebuild", examines || settling.isGiven());
      return new StoreRebuilding(root)
          .run(ImmutableList.copyOf(disksDirs.or(ImmutableList.of())), dryRun.or(false));
    }
    if (disksDirs.isGiven() || dryRun.or(false)) {
      throw new InvalidArgumentException("--disks-dir and --dry-run go with --rebuild");
    }
    if (settling.isGiven()) {
      requireAlone("--settle", examines);
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

  private static void requireAlone(String option, boolean isOtherGiven) {
    if (isOtherGiven) {
      throw new InvalidArgumentException(
          option + " goes without the options of an examination and of other repairs");
    }
  }

  private DoctorDocument examine(BaseDisks disks) {
    Depth depth = deep.or(false) ? Depth.CONTENT : Depth.METADATA;
    try (ProgressLine progress = root.progress("doctor")) {
      if (acceptChanged.isGiven()) {
        Finding accepted = disks.doctor().acceptChanged(acceptChanged.get(), progress);
        return new DoctorDocument(with(accepted, disks.doctor().repair(depth, Progress.NONE)));
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
