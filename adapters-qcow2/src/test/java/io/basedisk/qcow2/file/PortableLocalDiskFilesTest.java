package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.qcow2.Qcow2DiskImages;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same in pure Java, which can't keep another user from putting a link into a path. */
class PortableLocalDiskFilesTest extends LocalDiskFilesTest {

  @Override
  OperatingSystem system() {
    return OperatingSystem.portable();
  }

  @ParameterizedTest
  @ValueSource(ints = {0777, 0775, 0757, 0722})
  void a_directory_that_others_can_write_to_is_refused(int mode) throws IOException {
    Path shared = Files.createDirectory(root().resolve("shared"));
    Path disk = Files.write(shared.resolve("disk"), new byte[] {1});
    setMode(shared, mode);
    assertRefused(disk);
  }

  @Test
  void a_directory_that_is_another_user_s_is_refused() throws IOException {
    assumeTrue(supports(Feature.OWNERS), "other users take root");
    Path shared = Files.createDirectory(root().resolve("shared"));
    Path disk = Files.write(shared.resolve("disk"), new byte[] {1});
    setOwner(shared, 61_234, 61_234);
    assertRefused(disk);
  }

  @Test
  void a_directory_in_which_others_can_not_change_names_is_not_refused() throws IOException {
    Path shared = Files.createDirectory(root().resolve("shared"));
    Path disk = Files.write(shared.resolve("disk"), new byte[] {1});
    setMode(shared, 01777);
    files().rename(disk, shared.resolve("renamed"));
    assertTrue(Files.exists(shared.resolve("renamed")));
  }

  private void assertRefused(Path disk) throws IOException {
    Path other = Files.write(root().resolve("other"), new byte[] {2});
    Path added = disk.resolveSibling("added");
    DiskImages images = new Qcow2DiskImages(system());
    ByteSize size = ByteSize.parse("1M");
    assertAll(
        () -> assertRefused(disk, () -> files().link(disk, root().resolve("base"))),
        () -> assertRefused(disk, () -> files().link(other, added)),
        () -> assertRefused(disk, () -> files().rename(disk, root().resolve("base"))),
        () -> assertRefused(disk, () -> files().rename(other, disk)),
        () -> assertRefused(disk, () -> files().remove(disk)),
        () -> assertRefused(disk, () -> files().createDirectory(added, 0700)),
        () -> assertRefused(disk, () -> files().copy(other, added)),
        () -> assertRefused(disk, () -> files().copyAttributes(other, disk)),
        () -> assertRefused(disk, () -> files().limitPermissions(disk, 0400)),
        () -> assertRefused(disk, () -> files().seal(disk, 1)),
        () -> assertRefused(disk, () -> images.createEmpty(added, size)),
        () ->
            assertRefused(disk, () -> images.createOverlay(added, other, ImageFormat.QCOW2, size)));
    assertTrue(Files.exists(disk));
    assertTrue(Files.notExists(added));
  }

  private static void assertRefused(Path disk, Runnable step) {
    RefusedException refusal = assertThrows(RefusedException.class, step::run);
    assertTrue(
        refusal.getMessage().contains(disk.getParent() + ": another user can write"),
        refusal::getMessage);
  }
}
