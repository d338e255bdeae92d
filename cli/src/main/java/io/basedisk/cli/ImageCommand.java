package io.basedisk.cli;

import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/** {@code basedisk image} and its commands. */
final class ImageCommand {

  private ImageCommand() {}

  static final class Create extends Command {

    private final Argument<Path> file =
        takes.parameter("FILE", Path::of, "The new file, which must not exist.");

    private final Argument<ByteSize> size =
        takes.parameter(
            "SIZE",
            ByteSize::parse,
            "The virtual size, such as 512M or 10G; rounded up to a multiple of 512 bytes.");

    private final Argument<Path> backing =
        takes.option(
            "-b",
            "BACKING",
            Path::of,
            "Create an overlay of this image. A relative path starts at the current directory (with"
                + " qemu-img: at the directory of FILE). The image stores the real path.");

    private final Argument<ImageFormat> format =
        takes.option(
            "-F",
            "FORMAT",
            ImageFormat::ofLabel,
            "The format of BACKING: qcow2 or raw. It is never guessed.");

    Create(RootCommand root) {
      super(
          root,
          "Creates an empty qcow2 image, or an overlay of another image, and prints its info.",
          "Refused are FILE in the home's bases directory or at a box's disk, and BACKING that is,"
              + " or depends on, a base or a box's disk.");
      examples(
          "  basedisk image create disk.qcow2 10G",
          "  basedisk image create overlay.qcow2 10G -b disk.qcow2 -F qcow2");
    }

    @Override
    public Integer call() {
      if (backing.isGiven() != format.isGiven()) {
        throw new InvalidArgumentException("-b and -F go together: a format is never guessed");
      }
      LayerFile below = backing.isGiven() ? new LayerFile(backing.get(), format.get()) : null;
      root.onImages(tools -> tools.create(file.get(), below, size.get()));
      return root.print(new ImageInfoDocument(root.images().info(file.get())));
    }
  }

  static final class Info extends Command {

    private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

    Info(RootCommand root) {
      super(
          root,
          "Prints the header data of a qcow2 image, as qemu-img info does. No other file is"
              + " opened.");
      examples("  basedisk image info --json disk.qcow2");
    }

    @Override
    public Integer call() {
      return root.print(new ImageInfoDocument(root.images().info(file.get())));
    }
  }
}
