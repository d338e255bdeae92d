package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.cli.render.DoctorDocument;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.Path;
import java.util.List;

/** {@code basedisk doctor}. */
final class DoctorCommand extends Command {

  private final Argument<Boolean> repair =
      takes.flag("--repair", "Mend what can be mended without losing anything.");

  private final Argument<Boolean> deep =
      takes.flag(
          "--deep",
          "Read every byte of every base and compare its checksum with that of the first time.");

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
        "  basedisk doctor --rebuild --dry-run    what can be found again after the store was"
            + " lost");
  }

  @Override
  public Integer call() {
    if (rebuild.or(false)) {
      return rebuildStore();
    }
    if (disksDirs.isGiven() || dryRun.or(false)) {
      throw new InvalidArgumentException("--disks-dir and --dry-run go with --rebuild");
    }
    Depth depth = deep.or(false) ? Depth.CONTENT : Depth.METADATA;
    return root.run(
        disks ->
            new DoctorDocument(
                repair.or(false) ? disks.doctor().repair(depth) : disks.doctor().examine(depth)),
        document -> document.report().findings().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS);
  }

  private int rebuildStore() {
    if (repair.or(false) || deep.or(false)) {
      throw new InvalidArgumentException("--rebuild goes without --repair and --deep");
    }
    return new StoreRebuilding(root)
        .run(ImmutableList.copyOf(disksDirs.or(ImmutableList.of())), dryRun.or(false));
  }
}
