package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.HomeRebuild;
import io.basedisk.cli.render.RebuildDocument;
import java.nio.file.Path;
import java.util.Optional;

/** Runs {@code basedisk doctor --rebuild}, which opens no store, since the store is lost. */
final class StoreRebuilding {

  private final RootCommand root;

  StoreRebuilding(RootCommand root) {
    this.root = root;
  }

  int run(ImmutableList<Path> disksDirs, boolean isDryRun) {
    HomeRebuild rebuild = HomeRebuild.of(root.home());
    RebuildDocument document;
    if (isDryRun) {
      document = new RebuildDocument(rebuild.plan(disksDirs), Optional.empty(), true);
    } else {
      HomeRebuild.Outcome outcome = rebuild.run(disksDirs);
      document = new RebuildDocument(outcome.plan(), outcome.storeKept(), false);
    }
    root.print(document);
    return (document.plan().leftOut().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS).number();
  }
}
