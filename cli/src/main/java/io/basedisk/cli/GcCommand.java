package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.CollectionDocuments;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions.FleetOutcome;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.MaxDepth;
import java.nio.file.Path;
import java.time.Duration;

/** {@code basedisk gc}. */
final class GcCommand extends Command {

  private static final Duration DEFAULT_GRACE = Duration.ofMinutes(5);

  private final Argument<Boolean> dryRun =
      takes.flag("--dry-run", "Change nothing; print the bases that would be collected.");

  private final Argument<Boolean> explain = takes.flag("--explain", "Print why each base stays.");

  private final Argument<Boolean> releaseHolds =
      takes.flag("--release-holds", "End all holds, and collect the bases that only a hold keeps.");
  private final Argument<Boolean> discardOrphans =
      takes.flag(
          "--discard-orphans",
          "Delete the orphans that no image's header names. An orphan is a base, a temporary file"
              + " or a box directory without a record. It may be the only copy of a disk: run"
              + " --dry-run first.");
  private final Argument<Duration> orphanGrace =
      takes.option(
          "--orphan-grace",
          "DURATION",
          Durations::parse,
          "With --discard-orphans: delete only orphans that have not changed for this time, such as"
              + " 30s, 5m, 2h or 1d. Default: 5m.");
  private final Argument<Boolean> compact =
      takes.flag(
          "--compact",
          "Then shorten the backing chains of container disks that are deeper than --max-depth, as"
              + " 'box compact' does. Layers that others need are copied only if that costs at most"
              + " 64M for each layer that is saved. Boxes that are in use or busy, or whose disk"
              + " can't be compacted, are skipped.");

  private final Argument<MaxDepth> maxDepth =
      takes.option(
          "--max-depth",
          "N",
          MaxDepth::parse,
          "With --compact: the largest depth of a backing chain, 1 or more. Default: 32.");

  private final Confirmation confirmation = new Confirmation(root, takes);

  GcCommand(RootCommand root) {
    super(
        root,
        "Reads every image's header and collects every unused base.",
        "Every operation collects the bases that it frees. gc finds those that an operation had to"
            + " leave, for example because a VM had the base open.",
        "gc also lists orphans: files in the home that no record and no operation explains. Only"
            + " --discard-orphans deletes them.");
    examples(
        "  basedisk gc --dry-run --explain     what would be collected, and why the rest stays",
        "  basedisk gc --compact               shorten long backing chains as well");
  }

  @Override
  public Integer call() {
    if (maxDepth.isGiven() && !compact.or(false)) {
      throw new InvalidArgumentException("--max-depth requires --compact");
    }
    if (orphanGrace.isGiven() && !discardOrphans.or(false)) {
      throw new InvalidArgumentException("--orphan-grace requires --discard-orphans");
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
    if (discardOrphans.or(false) && !dryRun.or(false)) {
      confirmDiscarding(disks, scope);
    }
    return new CollectionDocuments.Collection(
        dryRun.or(false)
            ? disks.garbageCollection().plan(scope)
            : disks.garbageCollection().collect(scope),
        compact.or(false) ? compact(disks) : null,
        dryRun.or(false),
        explain.or(false));
  }

  private void confirmDiscarding(BaseDisks disks, GarbageCollection.Scope scope) {
    if (!confirmation.isAsked()) {
      return;
    }
    ImmutableList<Path> orphans = disks.garbageCollection().plan(scope).discarded();
    if (!orphans.isEmpty()) {
      confirmation.require(() -> Questions.discard(orphans));
    }
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
