package io.basedisk.qcow2.write;

import io.basedisk.qcow2.image.ImageFile;
import java.nio.file.Path;

/** Where a new image is written: a new file, or a block device that is overwritten in place. */
sealed interface Destination extends AutoCloseable permits NewFile, DeviceDestination {

  /** {@return the final path of the image} */
  Path target();

  /** {@return the open file or device} */
  ImageFile file();

  /**
   * Makes all writes durable, if a reader could take the destination for an image already. Call
   * before the write that completes the image.
   */
  void settle();

  /** Makes the image durable, and gives it its final name. */
  void publish();

  /** Gives up the image unless it was published. A second call has no effect. */
  @Override
  void close();
}
