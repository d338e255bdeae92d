package io.basedisk.cli;

import io.basedisk.cli.render.HomeDocuments;

/** {@code basedisk home} and its commands. */
final class HomeCommand {

  private HomeCommand() {}

  static final class Init extends Command {

    Init(RootCommand root) {
      super(
          root,
          "Makes an empty home, and prints where it is. The directory may exist, and what is in it"
              + " stays. It is refused where a home is already.",
          "'box create', 'base create' and 'rootfs add' make a home too, where there is none. No other"
              + " command does, so that a mistyped home, or one whose file system is not mounted, is"
              + " told as that.");
      examples(
          "  basedisk home init", "  basedisk --home /srv/basedisk home init     another home");
    }

    @Override
    public Integer call() {
      return root.runOnNewHome(disks -> new HomeDocuments.Made(disks.home().home()));
    }
  }
}
