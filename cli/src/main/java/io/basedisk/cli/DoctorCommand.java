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
      takes.flag("--repair", "Make the repairs that lose no data.");

  private final Argument<Boolean> deep =
      takes.flag(
          "--deep",
          "Read every base whole and compare its digest with the recorded one. If none is recorded,"
              + " record it. With --repair: if a base has its recorded content but another"
              + " modification time, record the new time.");

  private final Argument<BaseDiskId> acceptChanged =
      takes.option(
          "--accept-changed",
          "ID",
          BaseDiskId::new,
          "With --repair: accept the present content of this base, after a check of the image. Only"
              + " for a base without a recorded digest. Every disk on the base then reads this"
              + " content.");

  private final OperationSettling settling = new OperationSettling(takes);

  private final Argument<Boolean> rebuild =
      takes.flag(
          "--rebuild",
          "Rebuild a lost or outdated store from the files of the home. Deletes nothing, and keeps"
              + " the old store beside the new one.");

  private final Argument<List<Path>> disksDirs =
      takes.repeatableOption(
          "--disks-dir",
          "DIR",
          Path::of,
          "With --rebuild: the disks directory of a box outside the home. May be repeated.");

  private final Argument<Boolean> dryRun =
      takes.flag(
          "--dry-run", "With --rebuild: change nothing; print the records that would be made.");

  private final Confirmation confirmation = new Confirmation(root, takes);

  DoctorCommand(RootCommand root) {
    super(
        root,
        "Finds where records, files and image headers disagree. Prints each remedy, and whether it"
            + " can lose data.",
        "Exit code 0: no findings; 7: findings are left.");
    examples(
        "  basedisk doctor --repair               make the repairs that lose no data",
        "  basedisk doctor --deep                 read every base whole, too",
        "  basedisk doctor --rebuild --dry-run    what a rebuild of a lost store would record");
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
      throw new InvalidArgumentException("--disks-dir and --dry-run require --rebuild");
    }
    if (settling.isGiven()) {
      requireAlone("--settle", examines);
      return settling.run(root, confirmation);
    }
    if (acceptChanged.isGiven() && !repair.or(false)) {
      throw new InvalidArgumentException("--accept-changed requires --repair");
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
          option + " can't be combined with an examination or another repair");
    }
  }

  private DoctorDocument examine(BaseDisks disks) {
    Depth depth = deep.or(false) ? Depth.CONTENT : Depth.METADATA;
    if (acceptChanged.isGiven()) {
      confirmation.require(
          () ->
              "accept the changed content of base "
                  + acceptChanged.get()
                  + " for all disks on it?");
    }
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
