package io.basedisk.cli;

import io.basedisk.cli.render.WhichDocument;
import java.nio.file.Path;

/** {@code basedisk which}. */
final class WhichCommand extends Command {

  private final Argument<Path> file =
      takes.parameter("PATH", Path::of, "The file, or a link to it.");

  WhichCommand(RootCommand root) {
    super(
        root,
        "Prints which box's disk a file is, or which base.",
        "The file is found by its path, or by its inode if PATH is a symbolic link or another hard"
            + " link. The printed path is the recorded one. A file without a record fails with"
            + " exit code 4, and the error says what the file is.");
    examples("  basedisk which /srv/vms/vm7/disk.qcow2");
  }

  @Override
  public Integer call() {
    return root.run(disks -> new WhichDocument(disks.recordedFiles().get(file.get())));
  }
}
