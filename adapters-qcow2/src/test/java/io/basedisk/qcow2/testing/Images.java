package io.basedisk.qcow2.testing;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.image.DiskImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Test images, and their content. */
public final class Images {

  private Images() {}

  /** Unpacks an image that QEMU made into a directory; see {@code golden/make.sh}. */
  public static Path golden(String name, Path directory) {
    Path image = directory.resolve(name);
    try (InputStream packed =
            Images.class.getResourceAsStream("/io/basedisk/qcow2/golden/" + name + ".gz");
        InputStream content = new GZIPInputStream(packed)) {
      Files.copy(content, image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return image;
  }

  /** Reads the whole disk of a chain. */
  public static byte[] read(LayerFile... layers) {
    try (DiskImage image = DiskImage.open(List.of(layers))) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(image.virtualSize()));
      image.read(0, content);
      return content.array();
    }
  }
}
