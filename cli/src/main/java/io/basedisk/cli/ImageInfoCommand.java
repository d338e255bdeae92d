package io.basedisk.cli;

import io.basedisk.cli.render.ImageChainDocument;
import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.cli.render.RawImageDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/** {@code basedisk image info}. */
final class ImageInfoCommand extends Command {

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<Boolean> chain =
      takes.flag(
          "--backing-chain",
          "Print the info of every backing file too, from the top. Backing files need"
              + " --allow-backing.");

  private final SourceImage source = new SourceImage(takes);

  ImageInfoCommand(RootCommand root) {
    super(
        root,
        "Prints the header data of an image, as qemu-img info does. Without --backing-chain, no"
            + " other file is opened.",
        "Also describes an image whose content other commands refuse: encrypted, in an external"
            + " data file, or with an unknown feature. For a file that is no qcow2 image, the error"
            + " names its format.");
    new QemuOptions(this).output().withoutLocks();
    examples(
        "  basedisk image info --json disk.qcow2",
        "  basedisk image info --backing-chain overlay.qcow2 --allow-backing base.qcow2");
  }

  @Override
  public Integer call() {
    if (chain.or(false)) {
      return root.print(
          new ImageChainDocument(
              source.with(root, file.get(), image -> root.images().chainInfo(image))));
    }
    if (source.allowsBacking()) {
      throw new InvalidArgumentException("--allow-backing requires --backing-chain");
    }
    return source.named(file.get()).format() == ImageFormat.RAW
        ? root.print(new RawImageDocument(root.images().rawInfo(file.get())))
        : root.print(new ImageInfoDocument(root.images().info(file.get())));
  }
}
