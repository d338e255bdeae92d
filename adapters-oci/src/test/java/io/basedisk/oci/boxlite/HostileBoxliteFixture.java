package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.tar.Tars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Opens archives that are refused with their reason; nothing is left. */
abstract class HostileBoxliteFixture {

  static final byte[] DISK = Archives.DISK;
  static final String MANIFEST = Archives.manifest(1, "");
  static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;

  static Tars good() {
    return new Tars().file("manifest.json", MANIFEST).file("disk.qcow2", DISK);
  }

  Path write(byte[] archive) throws IOException {
    return Files.write(directory.resolve("box.boxlite"), archive);
  }

  void assertInvalid(Tars tar, String... reasons) throws IOException {
    assertInvalid(write(tar.bytes()), reasons);
  }

  void assertInvalid(Path archive, String... reasons) {
    check(InvalidImageException.class, archive, reasons);
  }

  void assertRefused(Tars tar, String... reasons) throws IOException {
    check(RefusedException.class, write(tar.bytes()), reasons);
  }

  void check(Class<? extends BaseDiskException> type, Path archive, String... reasons) {
    String message =
        assertThrows(
                type, () -> BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE).close())
            .getMessage();
    assertTrue(message.startsWith(archive.toString()), message);
    for (String reason : reasons) {
      assertTrue(message.contains(reason), message);
    }
    assertEquals(0, temporaries.toFile().list().length);
  }
}
