package io.basedisk.cli;

import io.basedisk.cli.render.HomeDocuments;

/** {@code basedisk home} and its commands. */
final class HomeCommand {

  private HomeCommand() {}

  static final class Init extends Command {

    Init(RootCommand root) {
      super(
          root,
          "Creates an empty home, and prints its path. The directory may exist, and its files stay."
              + " If it is a home already, the command fails.",
          "'box create', 'base create' and 'rootfs add' also create a missing home. No other"
              + " command does, so a mistyped path or an unmounted file system is an error.");
      examples(
          "  basedisk home init", "  basedisk --home /srv/basedisk home init     another home");
    }

    @Override
    public Integer call() {
      return root.runOnNewHome(disks -> new HomeDocuments.Made(disks.home().home()));
    }
  }
}
