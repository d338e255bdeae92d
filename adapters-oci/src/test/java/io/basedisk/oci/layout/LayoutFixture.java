package io.basedisk.oci.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.artifact.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A layout in a directory. */
abstract class LayoutFixture {

  static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
  static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(UTF_8);

  @TempDir Path directory;
  @TempDir Path temporaries;

  Path layout() {
    return directory.resolve("layout");
  }

  void export(String tag) {
    Contents.publish(
        Stores.of(new LayoutBlobs(layout()), tag, temporaries), Contents.bytes(100_000, 1));
  }

  void put(String reference) {
    try (LayoutBlobs blobs = new LayoutBlobs(layout())) {
      blobs.putManifest(reference, TYPE, MANIFEST);
    }
  }

  void assertRefused(String reason) {
    String message =
        assertThrows(InvalidImageException.class, () -> new LayoutBlobs(layout()).manifest("v1"))
            .getMessage();
    assertTrue(message.contains(reason), message);
  }

  List<Path> blobs() throws IOException {
    try (Stream<Path> blobs = Files.list(layout().resolve("blobs/sha256"))) {
      return blobs.toList();
    }
  }

  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .filter(name -> !name.endsWith(".basedisk.lock"))
          .sorted()
          .toList();
    }
  }
}
