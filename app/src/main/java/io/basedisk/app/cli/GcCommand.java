package io.basedisk.app.cli;

import io.basedisk.app.cli.render.CollectionDocuments;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code basedisk gc}. */
@Command(
    name = "gc",
    description = {
      "Collects every base that nothing needs, after a look at every image's header.",
      "Each operation collects what it frees itself; this finds what an operation had to leave, say"
          + " because another one was under way."
    },
    footerHeading = "%nExample:%n",
    footer = "  basedisk gc --dry-run --explain     what would go, and why the rest stays")
final class GcCommand implements Callable<Integer> {

  private final RootCommand root;

  @Option(names = "--dry-run", description = "Change nothing; print what would be collected.")
  private boolean dryRun;

  @Option(names = "--explain", description = "Print of each base that stays why it does.")
  private boolean explain;

  GcCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return root.run(
        disks ->
            new CollectionDocuments.Collection(
                dryRun ? disks.garbageCollection().plan() : disks.garbageCollection().collect(),
                dryRun,
                explain));
  }
}
