package io.basedisk.domain.image;

import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * An image to read, and the other files that may be opened for it.
 *
 * @param file path of the image, absolute or relative to the current directory; may be a symbolic
 *     link
 * @param format format of the image; never guessed from content
 * @param allowed files that may be opened if an image of the chain names them as its backing file
 */
public record ImageToOpen(Path file, ImageFormat format, AllowedFiles allowed) {

  /**
   * {@return a qcow2 image for which no other file may be opened}
   *
   * @param file path of the image
   */
  public static ImageToOpen qcow2(Path file) {
    return new ImageToOpen(file, ImageFormat.QCOW2, AllowedFiles.NONE);
  }

  /**
   * {@return a raw image}
   *
   * @param file path of the image
   */
  public static ImageToOpen raw(Path file) {
    return new ImageToOpen(file, ImageFormat.RAW, AllowedFiles.NONE);
  }

  /**
   * {@return the same image with more allowed files}
   *
   * @param more the additional files
   */
  public ImageToOpen allowing(AllowedFiles more) {
    return new ImageToOpen(file, format, allowed.and(more));
  }
}
