package io.basedisk.app.cli;

import io.basedisk.app.cli.render.CollectionDocuments;
import java.time.Duration;
import java.util.concurrent.Callable;
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
    footerHeading = "%nExample:%n",
    footer = "  basedisk gc --dry-run --explain     what would go, and why the rest stays")
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

  GcCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return root.run(
        disks ->
            new CollectionDocuments.Collection(
                dryRun
                    ? disks.garbageCollection().plan(orphanGrace)
                    : disks.garbageCollection().collect(orphanGrace),
                dryRun,
                explain));
  }
}
