package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.domain.collection.GarbageCollection;
import io.basedisk.domain.compact.Compactions.FleetOutcome;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.MaxDepth;
import java.time.Duration;

/** {@code basedisk gc}. */
final class GcCommand extends Command {

  private static final Duration DEFAULT_GRACE = Duration.ofMinutes(5);

  private final Argument<Boolean> dryRun =
      takes.flag("--dry-run", "Change nothing; print what would be collected.");

  private final Argument<Boolean> explain =
      takes.flag("--explain", "Print of each base that stays why it does.");

  private final Argument<Boolean> releaseHolds =
      takes.flag(
          "--release-holds",
          "End all holds, so that the bases that only a hold keeps are collected.");
  private final Argument<Boolean> discardOrphans =
      takes.flag(
          "--discard-orphans",
          "Delete the orphans that no image's header names: bases, temporaries and box directories"
              + " that no record explains. An orphan may be the only copy of a disk; look at"
              + " --dry-run first.");
  private final Argument<Duration> orphanGrace =
      takes.option(
          "--orphan-grace",
          "DURATION",
          Durations::parse,
          "With --discard-orphans: how long an orphan must have been as it is, such as 30s, 5m, 2h"
              + " or 1d; 5m unless it is given.");
  private final Argument<Boolean> compact =
      takes.flag(
          "--compact",
          "After that, shorten every backing chain of a box's container disk that is deeper than"
              + " --max-depth, as 'box compact' does. Layers that other boxes or snapshots need are"
              + " only copied where that takes at most 64M for each layer less. A box that is in use"
              + " or busy, or whose disk can't be compacted, is skipped.");

  private final Argument<MaxDepth> maxDepth =
      takes.option(
          "--max-depth",
          "N",
          MaxDepth::parse,
          "With --compact: how deep a chain may be, 1 or more; 32 unless it is given.");

  GcCommand(RootCommand root) {
    super(
        root,
        "Collects every base that nothing needs, after a look at every image's header.",
        "Each operation collects what it frees itself; this finds what an operation had to leave, say"
            + " because another one was under way, or because a VM had a base open.",
        "Orphans, files in the home that no record and no operation explains, are listed. Only"
            + " --discard-orphans deletes them.");
    examples(
        "  basedisk gc --dry-run --explain     what would go, and why the rest stays",
        "  basedisk gc --compact               shorten long backing chains as well");
  }

  @Override
  public Integer call() {
    if (maxDepth.isGiven() && !compact.or(false)) {
      throw new InvalidArgumentException("--max-depth goes with --compact");
    }
    if (orphanGrace.isGiven() && !discardOrphans.or(false)) {
      throw new InvalidArgumentException("--orphan-grace goes with --discard-orphans");
    }
    try (TidyStop stop = new TidyStop()) {
      return root.run(this::collect);
    }
  }

  private CollectionDocuments.Collection collect(BaseDisks disks) {
    GarbageCollection.Scope scope =
        new GarbageCollection.Scope(
            releaseHolds.or(false),
            discardOrphans.or(false) ? orphanGrace.or(DEFAULT_GRACE) : null);
    return new CollectionDocuments.Collection(
        dryRun.or(false)
            ? disks.garbageCollection().plan(scope)
            : disks.garbageCollection().collect(scope),
        compact.or(false) ? compact(disks) : null,
        dryRun.or(false),
        explain.or(false));
  }

  private FleetOutcome compact(BaseDisks disks) {
    MaxDepth limit = maxDepth.or(MaxDepth.DEFAULT);
    if (dryRun.or(false)) {
      return disks.compactions().planAll(limit);
    }
    try (ProgressLine progress = root.progress("compact")) {
      return disks.compactions().compactAll(limit, progress);
    }
  }
}
