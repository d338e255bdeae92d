package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.HomeAdoptionDocument;
import io.basedisk.domain.adopt.HomeAdoptionPlan;
import java.nio.file.Path;

/** {@code basedisk adopt --boxlite}. */
final class BoxLiteAdoption {

  private final RootCommand root;
  private final Path directory;

  /**
   * @param directory absolute path of the home of BoxLite
   */
  BoxLiteAdoption(RootCommand root, Path directory) {
    this.root = root;
    this.directory = directory;
  }

  /** Adopts the home, and returns the exit code. */
  int run(boolean isDryRun, boolean isConfirmed) {
    HomeAdoptionPlan plan = plan();
    if (isDryRun || plan.files().isEmpty()) {
      root.print(new HomeAdoptionDocument(plan, isDryRun));
    } else {
      if (!isConfirmed) {
        AdoptCommand.ask(
            root,
            HomeAdoptionDocument.linesOf(plan),
            "copy " + HomeAdoptionDocument.countOf(plan) + " into the home?");
      }
      root.runMakingHome(disks -> new HomeAdoptionDocument(adopt(disks, plan), false));
    }
    return (plan.leftOut().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS).number();
  }

  private HomeAdoptionPlan adopt(BaseDisks disks, HomeAdoptionPlan plan) {
    try (ProgressLine progress = root.progress("copy")) {
      return disks.homeAdoption().adopt(plan, progress);
    }
  }

  private HomeAdoptionPlan plan() {
    return root.withHomeIfThere(
        home ->
            home == null
                ? BaseDisks.planHomeAdoptionWithoutHome(
                    root.home(), directory, root.unknownUseWithoutHome())
                : home.homeAdoption().plan(directory));
  }
}
