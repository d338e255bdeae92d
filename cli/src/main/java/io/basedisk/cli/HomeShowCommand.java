package io.basedisk.cli;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.HomeStatus;
import io.basedisk.cli.render.HomeStatusDocument;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;

/** {@code basedisk home show}. */
final class HomeShowCommand extends Command {

  HomeShowCommand(RootCommand root) {
    super(
        root,
        "Prints where the home is, its id, the version of its store's schema, how many boxes and bases"
            + " it has, and whether it can be used as it is.",
        "A home with a problem is no error here: the problem is printed, and what can be told of the"
            + " home. Such a home was moved, copied or mounted elsewhere; or its store is lost, older"
            + " than the files, or another home's; or it is read-only.",
        "",
        "--json: home, id, schema, usable, problem (if it is not usable), boxes, bases; what can't be"
            + " told is left out.");
    examples("  basedisk home show", "  basedisk --home /mnt/backup home show");
  }

  @Override
  public Integer call() {
    return root.print(new HomeStatusDocument(status()));
  }

  private HomeStatus status() {
    try (BaseDisks disks = root.open()) {
      return disks.status();
    } catch (RefusedException | StorageException unusable) {
      return HomeStatus.ofUnopened(root.home(), unusable);
    }
  }
}
