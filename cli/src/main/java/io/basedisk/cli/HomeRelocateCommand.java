package io.basedisk.cli;

import io.basedisk.app.RelocatableHome;
import io.basedisk.cli.render.RelocationDocument;
import io.basedisk.cli.render.Text;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;

/** {@code basedisk home relocate}. */
final class HomeRelocateCommand extends Command {

  private final Argument<Boolean> moved =
      takes.flag(
          "--moved",
          "The home was moved, and no other is left. Needed if the old path can't be seen.");

  private final Argument<Boolean> copy =
      takes.flag(
          "--copy",
          "The home is a copy, and the original stays in use. Needed if the old path can't be"
              + " seen.");

  private final Argument<Boolean> dryRun =
      takes.flag("--dry-run", "Change nothing; print what would change.");

  private final Argument<Boolean> yes = takes.flag("--yes", "Do not ask.");

  HomeRelocateCommand(RootCommand root) {
    super(
        root,
        "Makes a moved or copied home usable at its present path. Records and backing names are"
            + " absolute paths, so no command changes the home until it is relocated.",
        "Stop all VMs on the home first. The command writes the new path into every record and into"
            + " the header of every base and disk. If the home is still at the old path too, this"
            + " one is a copy: it gets an id of its own, and boxes with disks outside the home stay"
            + " with the original.",
        "Everything is checked before the first change. After a kill or a power cut, run the same"
            + " command again.");
    examples(
        "  basedisk --home /srv/basedisk home relocate --dry-run     what would change",
        "  basedisk --home /srv/basedisk home relocate --yes");
  }

  @Override
  public Integer call() {
    Declared told = told();
    try (RelocatableHome home = root.openRelocatable()) {
      HomeRelocation relocation = home.relocation();
      Relocated planned = relocation.plan(told);
      if (dryRun.or(false) || RelocationDocument.isNothing(planned)) {
        return root.print(new RelocationDocument(planned, dryRun.or(false)));
      }
      if (!yes.or(false)) {
        ask(planned);
      }
      return root.print(new RelocationDocument(relocation.relocate(told), false));
    }
  }

  private Declared told() {
    if (moved.or(false) && copy.or(false)) {
      throw new InvalidArgumentException("--moved and --copy exclude each other");
    }
    return moved.or(false) ? Declared.MOVED : copy.or(false) ? Declared.COPIED : Declared.NOTHING;
  }

  private void ask(Relocated planned) {
    String question =
        "relocate "
            + (planned.copy() ? "this copy of " : "")
            + planned.from()
            + " to "
            + planned.to()
            + ", and rewrite "
            + Text.count(planned.rewritten().size(), "header")
            + "?";
    boolean agreed =
        root.console()
            .confirm(question)
            .orElseThrow(
                () -> new InvalidArgumentException("there is no terminal to ask; give --yes"));
    if (!agreed) {
      throw new RefusedException("not confirmed; nothing was changed");
    }
  }
}
