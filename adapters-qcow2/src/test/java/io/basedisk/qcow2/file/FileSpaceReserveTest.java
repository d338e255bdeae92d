package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.model.HomeLayout;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that reserves space. */
class FileSpaceReserveTest {

  @TempDir private Path directory;
  private Path file;
  private FileSpaceReserve reserve;

  @BeforeEach
  void create_the_directory() throws IOException {
    HomeLayout home = homeIn(directory);
    file = home.reserveFile();
    reserve = new FileSpaceReserve(OperatingSystem.current(), home);
  }

  @Test
  void it_occupies_a_mebibyte_and_is_private() throws IOException {
    reserve.keep();

    assertEquals(1 << 20, Files.size(file));
    assertTrue(OperatingSystem.current().status(file).orElseThrow().allocatedBytes() >= 1 << 20);
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
  }

  @Test
  void a_complete_reserve_is_left_unchanged() throws IOException {
    reserve.keep();
    Object inode = Files.getAttribute(file, "unix:ino");

    reserve.keep();

    assertEquals(inode, Files.getAttribute(file, "unix:ino"));
  }

  @Test
  void a_reserve_that_a_kill_left_incomplete_is_completed() throws IOException {
    Files.write(file, new byte[1000]);

    reserve.keep();

    assertEquals(1 << 20, Files.size(file));
  }

  @Test
  void a_reserve_that_is_given_up_twice_is_gone() {
    reserve.keep();

    reserve.giveUp();
    reserve.giveUp();

    assertFalse(Files.exists(file));
  }

  @Test
  void without_space_no_reserve_is_created() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory.toRealPath(), 512)) {
      HomeLayout small = homeIn(mount.directory());

      new FileSpaceReserve(OperatingSystem.current(), small).keep();

      assertFalse(Files.exists(small.reserveFile()));
    }
  }

  @Test
  void with_less_space_it_is_smaller_until_there_is_more() throws IOException {
    try (ScratchMount mount = ScratchMount.ofMemory(directory.toRealPath(), 1500)) {
      HomeLayout home = homeIn(mount.directory());
      Path small = home.reserveFile();
      Path other = Files.write(mount.directory().resolve("other"), new byte[700 << 10]);
      FileSpaceReserve little = new FileSpaceReserve(OperatingSystem.current(), home);

      little.keep();
      assertTrue(Files.size(small) > 700 << 10, () -> "it is " + small.toFile().length());

      Files.delete(other);
      little.keep();
      assertEquals(1 << 20, Files.size(small));
    }
  }

  @Test
  void a_reserve_that_was_given_up_is_restored_on_close() throws IOException {
    reserve.keep();
    reserve.close();
    reserve.giveUp();
    assertFalse(Files.exists(file));

    reserve.close();

    assertEquals(1 << 20, Files.size(file));
  }

  @Test
  void a_reserve_in_a_missing_directory_is_no_error() {
    HomeLayout nowhere = new HomeLayout(directory.resolve("missing"));
    FileSpaceReserve none = new FileSpaceReserve(OperatingSystem.current(), nowhere);

    none.keep();
    none.giveUp();

    assertFalse(Files.exists(nowhere.reserveFile()));
  }

  private static HomeLayout homeIn(Path directory) throws IOException {
    HomeLayout home = new HomeLayout(directory);
    Files.createDirectory(home.db());
    return home;
  }
}
