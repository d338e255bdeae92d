package io.basedisk.app.cli;

import io.basedisk.app.cli.render.ImageInfoDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk image} and its commands. */
@Command(
    name = "image",
    description = "Works on single image files that belong to no home, in the manner of qemu-img.")
@SuppressWarnings("NullAway.Init") // picocli sets every field that it requires.
final class ImageCommand {

  @Command(
      name = "create",
      description = {
        "Creates a qcow2 image, empty or an overlay of another image, and prints what it is.",
        "What a home manages is refused: a file in its bases directory, a box's disk, and as backing"
            + " file a base, a box's disk, or an image that stands on one."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  basedisk image create disk.qcow2 10G",
        "  basedisk image create overlay.qcow2 10G -b disk.qcow2 -F qcow2"
      })
  static final class Create implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The new file; it must not exist.")
    private Path file;

    @Parameters(
        paramLabel = "SIZE",
        description =
            "The size that a guest sees, such as 512M or 10G; rounded up to a multiple of 512"
                + " bytes.")
    private ByteSize size;

    @Option(
        names = "-b",
        paramLabel = "BACKING",
        description =
            "Make an overlay of this image. Relative to the current directory (not to that of FILE,"
                + " as with qemu-img); stored as its real path.")
    private @Nullable Path backing;

    @Option(
        names = "-F",
        paramLabel = "FORMAT",
        description = "The format of BACKING: qcow2 or raw. It is never guessed.")
    private @Nullable ImageFormat format;

    Create(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      if ((backing == null) != (format == null)) {
        throw new InvalidArgumentException("-b and -F go together: a format is never guessed");
      }
      new ImageCreation(root.home(), root::open).create(file, size, backing, format);
      return root.print(ImageInfoDocument.of(file));
    }
  }

  @Command(
      name = "info",
      description =
          "Prints what a qcow2 image says of itself, as qemu-img info does. No other file is opened.",
      footerHeading = "%nExample:%n",
      footer = "  basedisk image info --json disk.qcow2")
  static final class Info implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The image.")
    private Path file;

    Info(RootCommand root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      return root.print(ImageInfoDocument.of(file));
    }
  }
}
