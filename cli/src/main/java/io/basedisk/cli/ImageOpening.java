package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.NoHomeException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens an image to read, with the backing files that the user allows. If the image is a file of
 * the home, the home's bases are allowed too.
 */
final class ImageOpening {

  static final String ALLOW_BACKING =
      "Open this backing file if the image, or an image below it, names it. May be repeated. No"
          + " other file is opened, except the home's bases below a disk or base of the home.";

  private final Argument<List<Path>> allowed;

  ImageOpening(Arguments takes) {
    this.allowed = takes.repeatableOption("--allow-backing", "PATH", Path::of, ALLOW_BACKING);
  }

  /**
   * Opens an image with its chain.
   *
   * @param root names the home, if there is one
   */
  OpenDisk open(ImageTools tools, RootCommand root, Path file, ImageFormat format) {
    return with(root, named(file, format), tools::open);
  }

  /** {@return an image, with the backing files that the user allows} */
  ImageToOpen named(Path file, ImageFormat format) {
    return new ImageToOpen(file, format, AllowedFiles.only(allowed.or(ImmutableList.of())));
  }

  boolean isGiven() {
    return allowed.isGiven();
  }

  /**
   * Uses an image with its chain.
   *
   * @param root names the home, if there is one
   * @param use opens the image
   */
  <T> T with(RootCommand root, ImageToOpen image, Function<ImageToOpen, T> use) {
    try {
      return use.apply(image);
    } catch (UnallowedFileException refusal) {
      // Only now, because opening a home is slow, and most images need none.
      Optional<HomeLayout> home =
          root.findHome().map(path -> new HomeLayout(path.toAbsolutePath()));
      if (home.isEmpty() || !isOfHome(root, image.file())) {
        throw refusal;
      }
      return use.apply(image.allowing(AllowedFiles.inside(home.get().bases())));
    }
  }

  private static boolean isOfHome(RootCommand root, Path file) {
    try (BaseDisks disks = root.open()) {
      return disks.managedFiles().describe(file).isPresent();
    } catch (NoHomeException e) {
      return false;
    }
  }
}
