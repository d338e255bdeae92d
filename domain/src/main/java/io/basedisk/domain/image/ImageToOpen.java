package io.basedisk.domain.image;

import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * An image that is read, and which other files may be opened for it.
 *
 * @param file its path, absolute or relative to the current directory; it may be a symbolic link
 * @param format its format, which the caller knows: it is never guessed from content
 * @param allowed the files that may be opened if the image, or one below it, names them as its
 *     backing file
 */
public record ImageToOpen(Path file, ImageFormat format, AllowedFiles allowed) {

  /** Returns a qcow2 image that may name no other file. */
  public static ImageToOpen qcow2(Path file) {
    return new ImageToOpen(file, ImageFormat.QCOW2, AllowedFiles.NONE);
  }

  /** Returns a raw image. */
  public static ImageToOpen raw(Path file) {
    return new ImageToOpen(file, ImageFormat.RAW, AllowedFiles.NONE);
  }

  /** Returns the same image, for which more files may be opened. */
  public ImageToOpen allowing(AllowedFiles more) {
    return new ImageToOpen(file, format, allowed.and(more));
  }
}
