package io.basedisk.qcow2.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.testing.StampFileContract;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port's contract on a real file, and on files that are not stamps. */
class FileStampFileTest extends StampFileContract {

  private static final StoreStamp STAMP = new StoreStamp(42, true);

  @TempDir Path scratch;

  private Path file;

  /** Returns the system calls under test. */
  OperatingSystem system() {
    return OperatingSystem.current();
  }

  @BeforeEach
  void nameFile() throws IOException {
    file = scratch.toRealPath().resolve("stamp");
  }

  @Override
  protected StampFile stamp() {
    return new FileStampFile(system(), new HomeLayout(file.getParent()));
  }

  @Override
  protected StampFile stampOfAnotherInstance() {
    return stamp();
  }

  @Test
  void the_file_is_one_readable_line_of_fixed_length() throws IOException {
    stamp().write(STAMP);
    assertEquals("committed 0000000000000000042 cf581f68\n", Files.readString(file));
    stamp().write(new StoreStamp(Long.MAX_VALUE, false));
    assertEquals(39, Files.size(file));
  }

  @Test
  void the_file_is_for_its_owner_alone_and_stays_the_same_file() throws IOException {
    stamp().write(STAMP);
    Object inode = Files.getAttribute(file, "unix:ino");
    stamp().write(new StoreStamp(43, false));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(inode, Files.getAttribute(file, "unix:ino"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "committed 42",
        "committed 0000000000000000042 00000000\n",
        "whatever this is, it is longer than a stamp is, and no stamp",
        "\u0000\u0000\u0000"
      })
  void an_invalid_stamp_reads_as_empty_until_it_is_written(String content) throws IOException {
    Files.writeString(file, content);
    assertEquals(Optional.empty(), stamp().read());
    stamp().write(STAMP);
    assertEquals(Optional.of(STAMP), stamp().read());
  }

  @Test
  void a_directory_in_place_of_the_file_is_an_error() throws IOException {
    Files.createDirectory(file);
    assertThrows(StorageException.class, () -> stamp().write(STAMP));
    assertThrows(StorageException.class, () -> stamp().read());
  }

  @Test
  void a_symbolic_link_in_place_of_the_file_is_an_error() throws IOException {
    Path other = Files.writeString(scratch.resolve("other"), "precious");
    Files.createSymbolicLink(file, other);
    assertThrows(StorageException.class, () -> stamp().write(STAMP));
    assertEquals("precious", Files.readString(other));
  }

  @Test
  void a_missing_directory_is_an_error() {
    StampFile nowhere = new FileStampFile(system(), new HomeLayout(scratch.resolve("missing")));
    assertEquals(Optional.empty(), nowhere.read());
    assertThrows(StorageException.class, () -> nowhere.write(STAMP));
  }
}
