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
        "Prints the home's path, its id, the version of its store's schema, the number of boxes and"
            + " bases, and whether the home is usable.",
        "A problem with the home is not an error here: the command prints it. A home is unusable if"
            + " it was moved, copied or mounted elsewhere; if its store is lost, is older than the"
            + " files or belongs to another home; or if it is read-only.",
        "",
        "--json: home, id, schema, usable, problem (if not usable), boxes, bases. Unknown values"
            + " are left out.");
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
