package io.basedisk.domain.image;

import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * A file of a backing chain and its format. Both come from the caller, never from an image's
 * header.
 *
 * @param path path of the file, absolute or relative to the current directory
 * @param format format of the file; never guessed from content
 */
public record LayerFile(Path path, ImageFormat format) {

  /**
   * {@return a qcow2 file}
   *
   * @param path path of the file
   */
  public static LayerFile qcow2(Path path) {
    return new LayerFile(path, ImageFormat.QCOW2);
  }

  /**
   * {@return a raw file}
   *
   * @param path path of the file
   */
  public static LayerFile raw(Path path) {
    return new LayerFile(path, ImageFormat.RAW);
  }
}
