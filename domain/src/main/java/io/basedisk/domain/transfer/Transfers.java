package io.basedisk.domain.transfer;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Exports boxes to other homes, and imports them from there. Thread-safe. */
@Singleton
public final class Transfers {

  /**
   * The result of an export.
   *
   * @param layers the layers, base first
   * @param manifest digest of the artifact's manifest
   */
  public record Exported(ImmutableList<ExportedLayer> layers, Sha256 manifest) {}

  /**
   * A layer of an export.
   *
   * @param layer the layer
   * @param skipped whether the place had it, so that it was not sent
   */
  public record ExportedLayer(Layer layer, boolean skipped) {}

  /**
   * The result of an import.
   *
   * @param box the new box
   * @param layers its layers, base first
   */
  public record Imported(BoxDetails box, ImmutableList<ImportedLayer> layers) {}

  /**
   * A layer of an import.
   *
   * @param layer the layer
   * @param base the base that it is
   * @param reused whether the base was here
   * @param transferredBytes compressed bytes that were transferred; 0 for a reused layer
   */
  public record ImportedLayer(
      Layer layer, BaseDiskId base, boolean reused, long transferredBytes) {}

  /**
   * The result of an export as one image.
   *
   * @param file real path of the image
   * @param virtualSize virtual size of its disk
   */
  public record ExportedImage(Path file, ByteSize virtualSize) {}

  private final Provider<ExportBox> exportBox;
  private final Provider<ExportImage> exportImage;
  private final Provider<ImportBoxFromLayers> importBox;
  private final Provider<UnpackArtifact> unpack;
  private final BoxListing boxes;

  @Inject
  Transfers(
      Provider<ExportBox> exportBox,
      Provider<ExportImage> exportImage,
      Provider<ImportBoxFromLayers> importBox,
      Provider<UnpackArtifact> unpack,
      BoxListing boxes) {
    this.exportBox = exportBox;
    this.exportImage = exportImage;
    this.importBox = importBox;
    this.unpack = unpack;
    this.boxes = boxes;
  }

  /**
   * Exports a box or one of its snapshots. Of the present state of a box, a base is made first,
   * unless the disk is an empty overlay: then its base is exported. Layers that the place holds are
   * not sent. No reader of the place sees the artifact before it is complete.
   *
   * <p>With mode {@code FORK}, no process may have the disk open. With mode {@code COPY}, the
   * caller pauses the VM; the copy is deleted after the export.
   *
   * @param request what to export
   * @param place where to, opened for one reference; stays open
   * @param progress gets the bytes read: of the disk, if it is copied, then of each layer twice
   * @return the layers
   * @throws io.basedisk.domain.error.NotFoundException if there is no such box or snapshot, or a
   *     file is missing
   * @throws io.basedisk.domain.error.RefusedException if the disk is in use or otherwise unfit, or
   *     a program writes to a base
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is damaged, or a header does
   *     not name the base in its record
   * @throws io.basedisk.domain.error.StorageException if the place can't be written
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     the place does not show the artifact then, but the disk may have been forked
   */
  public Exported exportBox(ExportRequest request, LayerStore place, Progress progress) {
    return exportBox.get().run(request, place, progress);
  }

  /**
   * Exports a box or one of its snapshots as one qcow2 image without a backing file. The image gets
   * its name once it is complete, and is durable on return. A failure leaves no image. The base is
   * made, kept and collected as by {@link #exportBox}.
   *
   * @param request what to export; its platform is not used
   * @param target the new file, outside of the home; links in the path of its directory are
   *     followed
   * @param format cluster size and compression of the image
   * @param progress gets the bytes read: of the disk, if it is copied, then of the whole disk
   * @return the image
   * @throws io.basedisk.domain.error.AlreadyExistsException if {@code target} exists
   * @throws io.basedisk.domain.error.NotFoundException if there is no such box or snapshot, or the
   *     directory of {@code target} or a file is missing
   * @throws io.basedisk.domain.error.RefusedException if {@code target} is in the home or is the
   *     path of a box's disk, the disk is in use or otherwise unfit, or a program writes to a base
   * @throws io.basedisk.domain.error.InvalidImageException if a base is damaged, or a header does
   *     not name the base in its record
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format can't have that size
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     there is no image then, but the disk may have been forked
   */
  public ExportedImage exportImage(
      ExportRequest request, Path target, NewImageFormat.Qcow2 format, Progress progress) {
    return exportImage.get().run(request, target, format, progress);
  }

  /**
   * Imports an artifact as a new box with its snapshots. Layers that are here are not transferred:
   * their bases are used. The box appears when all is complete and durable. What a failed import
   * has received stays until the next collection of the whole home, so that a repeated import does
   * not transfer it again.
   *
   * @param box the new box
   * @param place where from, opened for one reference; stays open
   * @param maxBytes limit of the bytes of the layers to transfer, uncompressed; null for none. A
   *     layer never gets more bytes than the artifact declares.
   * @param progress gets the bytes written
   * @return the box and its layers
   * @throws io.basedisk.domain.error.NotFoundException if the place has no such artifact
   * @throws io.basedisk.domain.error.AlreadyExistsException if the box, or its directory, exists
   * @throws io.basedisk.domain.error.RefusedException if the artifact declares more than {@code
   *     maxBytes}
   * @throws io.basedisk.domain.error.InvalidImageException if the artifact or a layer is not valid
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Imported importBox(
      BoxId box, LayerStore place, @Nullable ByteSize maxBytes, Progress progress) {
    ImmutableList<ImportedLayer> layers = importBox.get().run(box, place, maxBytes, progress);
    return new Imported(boxes.get(box), layers);
  }

  /**
   * Unpacks an artifact to files outside the home, for example to add its content to the rootfs
   * cache. Uses no layer of the home, and changes nothing in it.
   *
   * @param place where from, opened for one reference; stays open
   * @param directory a new directory for the files. The caller deletes it with all that is in it,
   *     also after an error; no other user may be able to write to it.
   * @param maxBytes as for {@link #importBox}
   * @param progress gets the bytes written
   * @return the disk, a qcow2 overlay of the layers, with the files that it backs onto allowed
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #importBox}
   */
  public ImageSource unpack(
      LayerStore place, Path directory, @Nullable ByteSize maxBytes, Progress progress) {
    return unpack.get().run(place, directory, maxBytes, progress);
  }
}
