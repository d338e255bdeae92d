package io.basedisk.oci.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.layout.LayoutBlobs;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Receives images of a layout in a directory. */
abstract class ContainerDiskFixture {

  static final byte[] DISK = Disks.qcow2(200_001);
  static final Platform PLATFORM = new Platform("amd64", "linux");
  static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;
  Images images;

  @BeforeEach
  void createLayout() {
    images = new Images(directory);
  }

  static Tars tar() {
    return new Tars().directory("disk").file("disk/disk.qcow2", DISK);
  }

  Path blob(String hex) {
    return directory.resolve("layout/blobs/sha256").resolve(hex);
  }

  /** The blob of the first layer. */
  Path layerFile() {
    String manifest =
        new String(images.blobs().manifest("v1").orElseThrow(), StandardCharsets.UTF_8);
    int at = manifest.indexOf("sha256:", manifest.indexOf("\"layers\"")) + 7;
    return blob(manifest.substring(at, at + 64));
  }

  byte[] onlyLayer(LayoutBlobs blobs) throws IOException {
    assertTrue(blobs.manifest("v1").isPresent());
    return Files.readAllBytes(layerFile());
  }

  ReceivedImage receive(@Nullable ImageFormat format, long maxBytes) {
    return ContainerDisk.receive(
        images.blobs(),
        "place:v1",
        "v1",
        new Receiving(PLATFORM, format, maxBytes, temporaries),
        Progress.NONE);
  }

  void assertDisk(ImageFormat format, byte[] content) {
    try (ReceivedImage image = receive(null, LIMIT)) {
      assertEquals(format, image.format());
      assertArrayEquals(content, Disks.bytes(image.file()));
    }
    assertNothingLeft();
  }

  void assertInvalid(String... reasons) {
    check(InvalidImageException.class, reasons);
  }

  void assertRefused(String... reasons) {
    check(RefusedException.class, reasons);
  }

  void check(Class<? extends BaseDiskException> type, String... reasons) {
    String message = assertThrows(type, () -> receive(null, LIMIT).close()).getMessage();
    assertTrue(message.startsWith("place:v1: "), message);
    for (String reason : reasons) {
      assertTrue(message.contains(reason), message);
    }
    assertNothingLeft();
  }

  void assertNothingLeft() {
    assertEquals(0, temporaries.toFile().list().length);
  }
}
