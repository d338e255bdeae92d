package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.PruneDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.snapshot.PrunePlan;
import io.basedisk.domain.snapshot.Retention;
import java.time.ZoneId;

/** {@code basedisk snapshot prune}. */
final class SnapshotPruneCommand extends Command {

  private final Argument<BoxId> box = takes.parameter("BOX", BoxId::of, "The box.");

  private final Argument<Integer> last =
      takes.option("--keep-last", "N", Numbers::oneOrMore, "Keep the N newest snapshots.");

  private final Argument<Integer> daily =
      takes.option(
          "--keep-daily",
          "N",
          Numbers::oneOrMore,
          "Keep the newest snapshot of each day, for the last N days that have one.");

  private final Argument<Integer> weekly =
      takes.option(
          "--keep-weekly",
          "N",
          Numbers::oneOrMore,
          "Keep the newest snapshot of each week, for the last N weeks that have one. A week begins"
              + " on Monday.");

  private final Argument<Boolean> dryRun =
      takes.flag(
          "--dry-run",
          "Change nothing; print the snapshots that would be removed, and why the others stay.");

  private final Confirmation confirmation = new Confirmation(root, takes);

  SnapshotPruneCommand(RootCommand root) {
    super(
        root,
        "Removes all snapshots of a box that no --keep option keeps, and prints why the others"
            + " stay.",
        "Give at least one --keep option. A snapshot stays if one of them keeps it. All snapshots"
            + " of the box count, also those that were not taken by a schedule. Days and weeks"
            + " begin at midnight in the time zone of this machine; the variable TZ overrides it.",
        "Each snapshot is removed as by 'snapshot rm', the oldest first: its name is free at once,"
            + " and its content is deleted once it is unneeded. A snapshot that another process"
            + " removes or renames during this command is skipped. If a removal fails, those before"
            + " it are done.",
        "",
        "--json: removed, kept, collected, freed_bytes; with --dry-run only the first two.");
    examples(
        "  basedisk snapshot prune web-1 --keep-last 7",
        "  basedisk snapshot prune web-1 --keep-daily 7 --keep-weekly 4 --dry-run");
  }

  @Override
  public Integer call() {
    if (!last.isGiven() && !daily.isGiven() && !weekly.isGiven()) {
      throw new InvalidArgumentException(
          "say which snapshots stay: give --keep-last, --keep-daily or --keep-weekly");
    }
    Retention retention = new Retention(last.or(0), daily.or(0), weekly.or(0));
    return root.run(
        disks -> {
          PrunePlan plan =
              disks.snapshots().planPrune(box.get(), retention, ZoneId.systemDefault());
          if (dryRun.or(false)) {
            return new PruneDocument.Planned(plan);
          }
          ImmutableList<SnapshotName> old = plan.removed().keySet().asList();
          confirmation.requireIf(
              () -> !old.isEmpty(), () -> Questions.removeSnapshots(box.get(), old));
          return new PruneDocument.Done(plan, disks.snapshots().prune(plan));
        });
  }
}
