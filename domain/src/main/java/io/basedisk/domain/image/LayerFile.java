package io.basedisk.domain.image;

import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * A file of a backing chain with its format, both as the caller knows them: neither comes from what
 * an image says.
 *
 * @param path absolute, or relative to the current directory
 * @param format never guessed from content
 */
public record LayerFile(Path path, ImageFormat format) {

  /** Returns a qcow2 file. */
  public static LayerFile qcow2(Path path) {
    return new LayerFile(path, ImageFormat.QCOW2);
  }

  /** Returns a raw file. */
  public static LayerFile raw(Path path) {
    return new LayerFile(path, ImageFormat.RAW);
  }
}
