package io.basedisk.cli;

import io.basedisk.cli.render.ImageMapDocument;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;

/** {@code basedisk image map}. */
final class ImageMapCommand extends Command {

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final SourceImage source = new SourceImage(takes);

  ImageMapCommand(RootCommand root) {
    super(
        root,
        "Prints the file of the chain, and the offset in it, that holds each part of a disk, as"
            + " qemu-img map does.");
    new QemuOptions(this).output().sharing();
    examples("  basedisk image map --json overlay.qcow2 --allow-backing base.qcow2");
  }

  @Override
  public Integer call() {
    try (OpenDisk disk = source.open(root.images(), root, file.get())) {
      return root.print(new ImageMapDocument(disk));
    }
  }
}
