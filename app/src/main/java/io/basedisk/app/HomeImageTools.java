package io.basedisk.app;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.wiring.Unprotected;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.Layer;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.LayerInfo;
import io.basedisk.domain.image.Measurement;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.RawImageInfo;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.image.SnapshotChoice;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * The image tools of an open home. They read every image. They do not write the home's own files,
 * and do not create images over them.
 */
final class HomeImageTools implements ImageTools {

  private final ImageTools tools;
  private final ManagedFiles managed;
  private final HomeLayout home;
  private final DiskFiles files;
  private final BackingChains chains;

  /**
   * @param tools do the work
   */
  @Inject
  HomeImageTools(
      @Unprotected ImageTools tools,
      ManagedFiles managed,
      HomeLayout home,
      DiskFiles files,
      BackingChains chains) {
    this.tools = tools;
    this.managed = managed;
    this.home = home;
    this.files = files;
    this.chains = chains;
  }

  // Reading.

  @Override
  public ImageInfo info(Path image) {
    return tools.info(image);
  }

  @Override
  public ImmutableList<LayerInfo> chainInfo(ImageToOpen image) {
    return tools.chainInfo(image);
  }

  @Override
  public RawImageInfo rawInfo(Path image) {
    return tools.rawInfo(image);
  }

  @Override
  public CheckResult check(Path image, Progress progress) {
    return tools.check(image, progress);
  }

  @Override
  public OpenDisk open(ImageToOpen image) {
    return tools.open(image);
  }

  @Override
  public OpenDisk openSnapshot(ImageToOpen image, SnapshotChoice snapshot) {
    return tools.openSnapshot(image, snapshot);
  }

  @Override
  public OptionalLong compare(OpenDisk first, OpenDisk second, Progress progress) {
    return tools.compare(first, second, progress);
  }

  @Override
  public Measurement measure(OpenDisk disk, NewImageFormat format) {
    return tools.measure(disk, format);
  }

  // Writing.

  @Override
  public RepairResult repair(Path image, RepairScope scope, Progress progress) {
    managed.requireNone(ImmutableList.of(image));
    return tools.repair(image, scope, progress);
  }

  @Override
  public void convert(OpenDisk disk, Path target, NewImageFormat format, Progress progress) {
    managed.requireNone(ImmutableList.of(target));
    tools.convert(disk, target, format, progress);
  }

  @Override
  public void overwrite(OpenDisk disk, Path target, NewImageFormat format, Progress progress) {
    managed.requireNone(ImmutableList.of(target));
    tools.overwrite(disk, target, format, progress);
  }

  @Override
  public void create(
      Path image, @Nullable LayerFile backing, ByteSize virtualSize, NewImageFormat.Qcow2 format) {
    managed.requireNone(ImmutableList.of(image));
    if (backing != null) {
      managed.requireNone(chainOf(backing));
    }
    tools.create(image, backing, virtualSize, format);
  }

  @Override
  public void resize(ImageToOpen image, SizeChange size, Progress progress) {
    managed.requireNone(ImmutableList.of(image.file()));
    tools.resize(image, size, progress);
  }

  /** {@return the real paths of an image and of its whole chain} */
  private ImmutableList<Path> chainOf(LayerFile image) {
    Path real = files.realPath(image.path());
    FileStatus status = files.status(real).orElse(null);
    if (status == null || image.format() != ImageFormat.QCOW2) {
      return ImmutableList.of(real);
    }
    if (status.isBlockDevice()) {
      return realPaths(chains.read(real, tools.info(real).backing()));
    }
    return status.isRegularFile() ? realPaths(chains.read(real)) : ImmutableList.of(real);
  }

  private static ImmutableList<Path> realPaths(ImmutableList<Layer> layers) {
    return layers.stream().map(Layer::realPath).collect(ImmutableList.toImmutableList());
  }

  @Override
  public void rebase(
      Path image, @Nullable LayerFile backing, AllowedFiles allowed, Progress progress) {
    if (backing != null) {
      managed.requireNone(ImmutableList.of(backing.path()));
    }
    managed.requireNone(ImmutableList.of(image));
    managed.requireNone(allowed.files());
    allowed.directories().forEach(this::requireWithoutBases);
    tools.rebase(image, backing, allowed, progress);
  }

  private void requireWithoutBases(Path directory) {
    Path real = realPath(directory).orElse(directory.toAbsolutePath().normalize());
    if (home.bases().startsWith(real) || home.isInBases(real)) {
      throw new RefusedException(
          "cannot use " + directory + ": it has bases of the home " + home.home());
    }
  }

  private Optional<Path> realPath(Path directory) {
    try {
      return Optional.of(files.realPath(directory));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public void renameBacking(Path image, @Nullable BackingFile backing) {
    if (backing != null) {
      Path named = image.toAbsolutePath().resolveSibling(backing.name());
      realPath(named).ifPresent(real -> managed.requireNone(ImmutableList.of(named)));
    }
    managed.requireNone(ImmutableList.of(image));
    tools.renameBacking(image, backing);
  }
}
