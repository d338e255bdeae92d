package io.basedisk.app.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.CollectionDocuments;
import io.basedisk.domain.Compactions.FleetOutcome;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.MaxDepth;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code basedisk gc}. */
@Command(
    name = "gc",
    description = {
      "Collects every base that nothing needs, after a look at every image's header.",
      "Each operation collects what it frees itself; this finds what an operation had to leave, say"
          + " because another one was under way, or because a VM had a base open.",
      "It also sweeps the home's own files that nobody knows: what is named as a base, or as an"
          + " operation's temporary. Other files are never touched."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk gc --dry-run --explain     what would go, and why the rest stays",
      "  basedisk gc --compact               shorten long backing chains as well"
    })
@SuppressWarnings("NullAway.Init") // picocli sets every field that has a default.
final class GcCommand implements Callable<Integer> {

  private final RootCommand root;

  @Option(names = "--dry-run", description = "Change nothing; print what would be collected.")
  private boolean dryRun;

  @Option(names = "--explain", description = "Print of each base that stays why it does.")
  private boolean explain;

  @Option(
      names = "--orphan-grace",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description =
          "How long a base's file without a record must have been as it is to be swept, such as 30s,"
              + " 5m, 2h or 1d; ${DEFAULT-VALUE} unless it is given.")
  private Duration orphanGrace;

  @Option(
      names = "--compact",
      description =
          "After that, shorten every backing chain of a box's container disk that is deeper than"
              + " --max-depth, as 'box compact' does. Layers that other boxes or snapshots need are"
              + " only copied where that takes at most 64M for each layer less. A box that is in use"
              + " or busy, or whose disk can't be compacted, is skipped.")
  private boolean compact;

  @Option(
      names = "--max-depth",
      paramLabel = "N",
      description = "With --compact: how deep a chain may be, 1 or more; 32 unless it is given.")
  private @Nullable MaxDepth maxDepth;

  GcCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if (maxDepth != null && !compact) {
      throw new InvalidArgumentException("--max-depth goes with --compact");
    }
    try (TidyStop stop = new TidyStop()) {
      return root.run(this::collect);
    }
  }

  private CollectionDocuments.Collection collect(BaseDisks disks) {
    return new CollectionDocuments.Collection(
        dryRun
            ? disks.garbageCollection().plan(orphanGrace)
            : disks.garbageCollection().collect(orphanGrace),
        compact ? compact(disks) : null,
        dryRun,
        explain);
  }

  private FleetOutcome compact(BaseDisks disks) {
    MaxDepth limit = maxDepth == null ? MaxDepth.DEFAULT : maxDepth;
    if (dryRun) {
      return disks.compactions().planAll(limit);
    }
    try (ProgressLine progress = root.progress("compact")) {
      return disks.compactions().compactAll(limit, progress);
    }
  }
}
