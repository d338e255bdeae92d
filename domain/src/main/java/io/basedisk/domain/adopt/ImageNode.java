package io.basedisk.domain.adopt;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file in an {@link ImageGraph}. Not thread-safe. */
final class ImageNode {

  private final ScannedFile file;
  private final boolean isInTree;
  private final List<ImageNode> namedBy = new ArrayList<>();
  private final Set<ImageFormat> namedAs = EnumSet.noneOf(ImageFormat.class);
  private Below below = new Below.Nothing();

  /** What an image's header names as its backing file. */
  sealed interface Below {

    /** No backing file. */
    record Nothing() implements Below {}

    /**
     * A file that may be adopted too.
     *
     * @param node the file
     */
    record Node(ImageNode node) implements Below {}

    /**
     * A recorded base.
     *
     * @param base the base
     */
    record Recorded(BaseDisk base) implements Below {}

    /**
     * A file that can't be used.
     *
     * @param fault the reason
     */
    record Unusable(Fault fault) implements Below {}
  }

  /**
   * @param isInTree whether the file is in the adopted directory
   */
  ImageNode(ScannedFile file, boolean isInTree) {
    this.file = file;
    this.isInTree = isInTree;
  }

  ScannedFile file() {
    return file;
  }

  Path path() {
    return file.path();
  }

  boolean isInTree() {
    return isInTree;
  }

  /** {@return whether an image names this file as its backing file, so that it is no box's disk} */
  boolean isNamed() {
    return !namedBy.isEmpty();
  }

  /** {@return the images whose headers name this file} */
  List<ImageNode> namedBy() {
    return namedBy;
  }

  /**
   * Adds an image whose header names this file.
   *
   * @param format the format that the header names; null if it is unknown
   */
  void addName(ImageNode image, @Nullable ImageFormat format) {
    namedBy.add(image);
    if (format != null) {
      namedAs.add(format);
    }
  }

  /** {@return whether images name this file with different formats} */
  boolean hasTwoFormats() {
    return namedAs.size() > 1;
  }

  /** {@return the format that the images above this file name; qcow2 if there is none} */
  ImageFormat format() {
    return namedAs.contains(ImageFormat.RAW) ? ImageFormat.RAW : ImageFormat.QCOW2;
  }

  /** Records that this file is raw, although no image names it. */
  void markRaw() {
    namedAs.add(ImageFormat.RAW);
  }

  /** {@return virtual size in bytes} A raw file's end is rounded up to a sector. */
  long virtualSize() {
    if (format() == ImageFormat.QCOW2 && file.header() != null) {
      return file.header().virtualSize();
    }
    long sectors = (file.status().length() + ByteSize.SECTOR - 1) / ByteSize.SECTOR;
    return sectors * ByteSize.SECTOR;
  }

  void setBelow(Below found) {
    below = found;
  }

  /** {@return what is below this file; nothing below a raw file} */
  Below below() {
    return format() == ImageFormat.RAW ? new Below.Nothing() : below;
  }
}
