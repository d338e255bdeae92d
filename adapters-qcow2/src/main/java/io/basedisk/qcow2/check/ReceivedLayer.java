package io.basedisk.qcow2.check;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.BackingNameField;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;

/** Checks of a file with the canonical content of a layer, before it becomes a base. */
public final class ReceivedLayer {

  private final ImageFile file;
  private final Layer layer;
  private final boolean isLowest;

  private ReceivedLayer(ImageFile file, Layer layer, boolean isLowest) {
    this.file = file;
    this.layer = layer;
    this.isLowest = isLowest;
  }

  /**
   * Checks a file.
   *
   * @param file the open file
   * @param layer the layer that it must be
   * @param isLowest whether no layer is below it
   * @throws InvalidImageException if it can't become a base, with the reason
   */
  public static void check(ImageFile file, Layer layer, boolean isLowest) {
    new ReceivedLayer(file, layer, isLowest).check();
  }

  private void check() {
    require(
        file.length() == layer.bytes(),
        "has " + file.length() + " bytes, not the layer's " + layer.bytes());
    if (layer.format() == ImageFormat.RAW) {
      require(isLowest, "is raw, but backs onto another layer");
      requireVirtualSize(new ByteSize(file.length()).roundedUpTo(ByteSize.SECTOR).bytes());
    } else {
      checkQcow2(ImageMetadata.readHeader(file));
    }
  }

  private void checkQcow2(Header header) {
    requireVirtualSize(header.virtualSize());
    require(header.backingFile() == null, "names a backing file");
    require(
        isLowest || BackingNameField.placeOf(file, header).nameAt() > 0,
        "has no place for the name of the layer below");
    require(!header.features().has(Feature.DIRTY), "is dirty: it was not closed properly");
    require(!header.features().has(Feature.CORRUPT), "is marked as corrupt");
    long errors = RefcountCheck.check(file, Progress.NONE).errors();
    require(errors == 0, "has " + errors + " errors in its tables");
  }

  private void requireVirtualSize(long actual) {
    require(
        actual == layer.virtualSize(),
        "has a virtual size of " + actual + " bytes, not the layer's " + layer.virtualSize());
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new InvalidImageException(file.path() + ": " + otherwise);
    }
  }
}
