package io.basedisk.qcow2.image;

import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * A file of a backing chain, and its format, as the caller has settled them: no file is opened, and
 * none is taken for raw, because an image says so.
 */
public record LayerFile(Path path, ImageFormat format) {

  public static LayerFile qcow2(Path path) {
    return new LayerFile(path, ImageFormat.QCOW2);
  }

  public static LayerFile raw(Path path) {
    return new LayerFile(path, ImageFormat.RAW);
  }
}
