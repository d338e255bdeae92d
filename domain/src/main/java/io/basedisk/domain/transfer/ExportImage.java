package io.basedisk.domain.transfer;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.lineage.Ancestry;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.SourceImage;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.transfer.ExportedBases.Top;
import io.basedisk.domain.transfer.Transfers.ExportedImage;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** Exports a box or a snapshot as one image without a backing file. Thread-safe. */
final class ExportImage {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final ExportedBases bases;

  @Inject
  ExportImage(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ExportedBases bases) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.bases = bases;
  }

  /** Exports as {@link Transfers#exportImage} does. */
  ExportedImage run(
      ExportRequest request, Path target, NewImageFormat.Qcow2 format, Progress progress) {
    Path image = requireUnused(target);
    Supplier<Long> virtualSize = Suppliers.memoize(() -> virtualSizeOf(request));
    ExportProgress whole = new ExportProgress(progress, copied -> virtualSize.get());
    return bases.read(request, whole.ofCopy(), top -> write(top, image, format, whole.ofReading()));
  }

  private long virtualSizeOf(ExportRequest request) {
    Box box = store.read(view -> RegisteredBoxes.require(view, request.box()));
    return images.readHeader(box.disk(DiskSlot.CONTAINER)).virtualSize();
  }

  /** {@return the real path of a new file outside of the home} */
  private Path requireUnused(Path target) {
    Path absolute = target.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new AlreadyExistsException(target + ": exists already", new Remedy.ChooseFile(target));
    }
    Path image = files.realPath(directory).resolve(absolute.getFileName());
    if (image.startsWith(home.home())) {
      throw new RefusedException(
          "cannot use " + target + ": it is in the home " + home.home(),
          new Remedy.ChooseFile(image));
    }
    // The disk of a box may be missing while its file system is not mounted.
    Optional<Box> box = store.read(view -> view.boxes().findByDisk(image));
    if (box.isPresent()) {
      throw new RefusedException(
          "cannot use " + target + ": it is a disk of box " + box.get().id(),
          new Remedy.ChooseFile(image));
    }
    // Before the disk is forked or copied. The image is not made over a file that appears later.
    if (files.status(image).isPresent()) {
      throw new AlreadyExistsException(image + ": exists already", new Remedy.ChooseFile(image));
    }
    return image;
  }

  private ExportedImage write(Top top, Path image, NewImageFormat.Qcow2 format, Progress progress) {
    DiskInfo disk = top.base().diskInfo();
    ImmutableList<Path> chain = store.read(view -> Ancestry.filesFrom(view, top.base().id()));
    SourceImage source =
        images.inspect(new ImageSource(disk.basePath(), disk.format(), ImmutableSet.copyOf(chain)));
    ByteSize virtualSize = top.virtualSize().roundedUpTo(ByteSize.SECTOR);
    images.exportImage(image, source, virtualSize, format, progress);
    return new ExportedImage(image, virtualSize);
  }
}
