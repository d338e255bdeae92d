package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.os.FileKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a command opens an image that it is to read: with the backing files that its user has
 * allowed, and, where it is a file of the home, with the home's bases.
 */
final class ImageOpening {

  static final String ALLOW_BACKING =
      "Open this backing file if the image, or one below it, names it; may be repeated. No other is"
          + " opened, but for the bases of the home under a disk or base of that home.";

  private final Argument<List<Path>> allowed;

  ImageOpening(Arguments takes) {
    this.allowed = takes.repeatableOption("--allow-backing", "PATH", Path::of, ALLOW_BACKING);
  }

  /** Opens an image with its chain; {@code root} says which home there is, if any. */
  OpenImage open(RootCommand root, Path file, ImageFormat format) {
    OpenPolicy policy = OpenPolicy.only(allowed.or(ImmutableList.of()));
    try {
      return new OpenImage(DiskImage.open(file, format, policy));
    } catch (UnallowedFileException refusal) {
      // Only now: to open a home takes long, and most images need none.
      Optional<HomeLayout> home =
          root.findHome().map(path -> new HomeLayout(path.toAbsolutePath()));
      if (home.isEmpty() || !isOfHome(root, file)) {
        throw refusal;
      }
      return new OpenImage(
          DiskImage.open(file, format, policy.or(OpenPolicy.inside(home.get().bases()))));
    }
  }

  private static boolean isOfHome(RootCommand root, Path file) {
    try (BaseDisks disks = root.open()) {
      return disks.managedFiles().describe(file).isPresent();
    } catch (NoHomeException e) {
      return false;
    }
  }

  /**
   * Checks that a path leads to a regular file, which a command is to change in place.
   *
   * @throws NotFoundException if nothing is there, or the path is a link to nothing
   * @throws InvalidImageException if something else is there
   */
  static void requireFile(Path image) {
    if (!Files.exists(image)) {
      throw new NotFoundException(
          image + ": " + FileKind.brokenLink(image).map("is "::concat).orElse("no such file"));
    }
    if (!Files.isRegularFile(image)) {
      throw new InvalidImageException(
          image + ": is " + FileKind.of(image) + ", not a regular file");
    }
  }
}
