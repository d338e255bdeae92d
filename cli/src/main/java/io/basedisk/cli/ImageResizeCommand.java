package io.basedisk.cli;

import io.basedisk.cli.render.ImageInfoDocument;
import io.basedisk.cli.render.RawImageDocument;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/** {@code basedisk image resize}. */
final class ImageResizeCommand extends Command {

  private final Argument<Path> file = takes.parameter("FILE", Path::of, "The image.");

  private final Argument<SizeChange> size =
      takes.parameter(
          "SIZE",
          SizeChange::parse,
          "The new size, such as 20G, or +5G for 5 GiB more; rounded up to a multiple of 512"
              + " bytes.");

  private final SourceImage source = new SourceImage(takes);

  ImageResizeCommand(RootCommand root) {
    super(
        root,
        "Grows the disk of an image, as qemu-img resize does, and prints its info. The new part"
            + " reads as zeros. A crash leaves the old or the new size.",
        "An image never shrinks, because that would cut off what the guest has there. Refused too"
            + " if a process has FILE open, or if the home manages FILE: for the disk of a box,"
            + " run 'box resize'.");
    new QemuOptions(this).quiet();
    examples(
        "  basedisk image resize disk.qcow2 20G",
        "  basedisk image resize disk.qcow2 +5G",
        "  basedisk image resize overlay.qcow2 20G --allow-backing base.qcow2");
  }

  @Override
  public Integer call() {
    ImageToOpen image = source.named(file.get());
    try (TidyStop stop = new TidyStop();
        ProgressLine progress = root.progress("resize")) {
      root.onImages(tools -> tools.resize(image, size.get(), progress));
    }
    return image.format() == ImageFormat.RAW
        ? root.print(new RawImageDocument(root.images().rawInfo(file.get())))
        : root.print(new ImageInfoDocument(root.images().info(file.get())));
  }
}
