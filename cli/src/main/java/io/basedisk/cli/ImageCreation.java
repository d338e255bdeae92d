package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.FileKind;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The creation of an image file that belongs to no home, and must not need one that does: a base
 * would be collected under it, a box's disk would change under it.
 */
final class ImageCreation {

  private static final int SECTOR = 512;

  private final Path home;
  private final HomeGuard guard;
  private final DiskFiles files = new LocalDiskFiles(OperatingSystem.current());
  private final DiskImages images = new Qcow2DiskImages();

  /**
   * @param home the home whose files are not to be touched; it need not exist, and is not made
   * @param opener opens it
   */
  ImageCreation(Path home, Supplier<BaseDisks> opener) {
    this.home = home.toAbsolutePath();
    this.guard = new HomeGuard(opener);
  }

  /**
   * Creates the image, durably.
   *
   * @param backing the image to make an overlay of; null for an empty image
   * @param format the format of {@code backing}; null exactly if that is
   * @throws RefusedException if the home manages the file, or one that the overlay would need
   * @throws AlreadyExistsException if the file exists
   * @throws NotFoundException if its directory, or the backing file, does not exist
   * @throws InvalidImageException if the backing file can't be opened in that format
   */
  void create(Path file, ByteSize size, @Nullable Path backing, @Nullable ImageFormat format) {
    Path target = guard.realPathOfNew(file);
    ByteSize virtualSize = size.roundedUpTo(SECTOR);
    if (backing == null || format == null) {
      guard.refuseManaged(ImmutableList.of(target));
      images.createEmpty(target, virtualSize);
    } else {
      Path realBacking = files.realPath(backing);
      guard.refuseManaged(
          ImmutableList.<Path>builder().add(target).addAll(chain(realBacking, format)).build());
      images.createOverlay(target, realBacking, format, virtualSize);
    }
    files.sync(ImmutableList.of(target, target.resolveSibling("")));
  }

  /** Returns the backing file and everything below it, having seen that it can be opened. */
  private ImmutableList<Path> chain(Path backing, ImageFormat format) {
    if (files.status(backing).filter(FileStatus::isRegularFile).isEmpty()) {
      throw new InvalidImageException(
          backing + ": is " + FileKind.of(backing) + ", not a regular file");
    }
    if (format == ImageFormat.RAW) {
      return ImmutableList.of(backing);
    }
    return new BackingChains(new HomeLayout(home), files, images)
        .read(backing).stream().map(Layer::realPath).collect(ImmutableList.toImmutableList());
  }
}
