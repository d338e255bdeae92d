package io.basedisk.qcow2.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C library's calls, beyond the interface's contract. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class LinuxSystemTest {

  private static final int EXT4_MOST_LINKS = 65_000;

  @TempDir Path scratch;

  private LinuxSystem linux;

  @BeforeEach
  void load() {
    linux = LinuxSystem.load().orElseThrow();
  }

  private Path file(String name) throws IOException {
    return Files.write(scratch.resolve(name), new byte[] {1, 2, 3});
  }

  @Test
  void a_rename_to_a_new_name_takes_the_old_one_away() throws IOException {
    Path file = file("file");
    Path renamed = scratch.resolve("renamed");

    assertTrue(linux.renameToNew(file, renamed));

    assertFalse(Files.exists(file));
    assertTrue(Files.exists(renamed));
  }

  @Test
  void a_rename_to_a_new_name_replaces_nothing() throws IOException {
    Path file = file("file");
    Path other = Files.writeString(scratch.resolve("other"), "precious");

    assertThrows(FileAlreadyExistsException.class, () -> linux.renameToNew(file, other));

    assertEquals("precious", Files.readString(other));
    assertTrue(Files.exists(file));
  }

  @Test
  void a_copy_on_a_reflinking_file_system_shares_the_blocks() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "mounting takes root");
    try (ScratchMount xfs =
        ScratchMount.ofImage(scratch, scratch.resolve("image"), 400, "mkfs.xfs", "-q")) {
      byte[] content = new byte[64 << 20];
      new Random(1).nextBytes(content);
      Path source = Files.write(xfs.directory().resolve("source"), content);
      Path copy = Files.createFile(xfs.directory().resolve("copy"));
      linux.sync(source);
      long before = Files.getFileStore(source).getUnallocatedSpace();
      linux.copyContent(source, copy, Progress.NONE);
      linux.sync(copy);
      long taken = before - Files.getFileStore(source).getUnallocatedSpace();
      assertTrue(taken < content.length / 8, () -> taken + " bytes");
      assertEquals(-1, Files.mismatch(source, copy));
    }
  }

  // Either system may recover an intent that the other one recorded.
  @Test
  void a_status_equals_java_s_except_for_the_allocated_bytes() throws IOException {
    for (Path path : ImmutableList.of(file("file"), scratch, Path.of("/dev/null"), Path.of("/"))) {
      FileStatus status = linux.status(path).orElseThrow();
      assertEquals(
          new PortableSystem().status(path).orElseThrow(),
          new FileStatus(
              status.identity(),
              status.type(),
              status.links(),
              status.length(),
              status.length(),
              status.owner(),
              status.group(),
              status.mode(),
              status.modifiedAt(),
              status.changedAt()));
    }
  }

  @Test
  void a_hole_occupies_nothing() throws IOException {
    Path sparse = scratch.resolve("sparse");
    try (RandomAccessFile access = new RandomAccessFile(sparse.toFile(), "rw")) {
      access.setLength(1 << 30);
    }
    assertTrue(linux.status(sparse).orElseThrow().allocatedBytes() < 1 << 20);
  }

  @Test
  void a_failure_has_the_system_s_reason() throws IOException {
    Path below = file("file").resolve("below");
    FileSystemException failure =
        assertThrows(FileSystemException.class, () -> linux.status(below));
    assertEquals("Not a directory", failure.getReason());
    assertEquals(below.toString(), failure.getFile());
  }

  @Test
  void a_file_with_as_many_names_as_it_can_have_can_not_be_linked() throws IOException {
    assumeTrue(Files.getFileStore(scratch).type().equals("ext4"), "other limits elsewhere");
    Path file = file("file");
    for (int i = 1; i < EXT4_MOST_LINKS; i++) {
      Files.createLink(scratch.resolve("name-" + i), file);
    }
    assertFalse(linux.link(file, scratch.resolve("one-too-many")));
  }

  @Test
  void a_name_beyond_ascii_names_the_same_file_as_in_java() throws IOException {
    assumeTrue(System.getProperty("sun.jnu.encoding").equals("UTF-8"), "names are ASCII here");
    Path disk = file("d\u00efsk-\u65e5\u672c-\ud83d\udcbd");
    assertEquals(3, linux.status(disk).orElseThrow().length());
  }

  @Test
  void a_name_that_java_can_not_spell_is_an_error_and_not_another_file() throws Exception {
    assertEquals(
        0,
        new ProcessBuilder("sh", "-c", "printf abc > \"$(printf 'disk\\377')\"")
            .directory(scratch.toFile())
            .start()
            .waitFor());
    Path odd;
    try (var inside = Files.newDirectoryStream(scratch)) {
      odd = inside.iterator().next();
    }
    // With replacement characters, the name would be that of another file.
    assertThrows(FileSystemException.class, () -> linux.status(odd));
  }

  @Test
  void opening_a_pipe_does_not_wait_for_its_other_end() throws Exception {
    Path pipe = scratch.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertThrows(FileSystemException.class, () -> linux.sync(pipe));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.8.0-rc1", "5.10", "6.18.44-custom", "10.0"})
  void kernels_that_report_errors_of_a_whole_file_system(String release) {
    assertTrue(LinuxSync.reportsErrorsOfSyncfs(release));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.7.19", "4.19.0-27-amd64", "", "unknown", "5"})
  void kernels_that_do_not_report_errors_of_a_whole_file_system(String release) {
    assertFalse(LinuxSync.reportsErrorsOfSyncfs(release));
  }
}
