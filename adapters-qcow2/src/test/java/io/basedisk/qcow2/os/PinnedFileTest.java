package io.basedisk.qcow2.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pinned files and sparse files, on each system. */
class PinnedFileTest {

  @TempDir Path scratch;
  private Path file;

  static Stream<OperatingSystem> systems() {
    return Stream.of(OperatingSystem.current(), OperatingSystem.portable());
  }

  @BeforeEach
  void makeAFile() throws IOException {
    file = Files.write(scratch.toRealPath().resolve("file"), new byte[] {1, 2, 3});
  }

  @ParameterizedTest
  @MethodSource("systems")
  void a_pinned_file_has_a_path_and_status_and_can_be_opened(OperatingSystem system)
      throws IOException {
    try (PinnedFile pinned = system.pin(file)) {
      assertEquals(file, pinned.realPath());
      assertEquals(system.status(file).orElseThrow(), pinned.status());
      assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(pinned.openable()));
    }
  }

  @ParameterizedTest
  @MethodSource("systems")
  void a_missing_file_can_t_be_pinned(OperatingSystem system) {
    assertThrows(NoSuchFileException.class, () -> system.pin(scratch.resolve("none")).close());
  }

  @ParameterizedTest
  @MethodSource("systems")
  void a_file_has_data_up_to_its_end_and_none_behind_it(OperatingSystem system) throws IOException {
    try (SparseFile sparse = system.sparse(file)) {
      assertEquals(0, sparse.dataFrom(0));
      assertEquals(3, sparse.holeFrom(0));
      assertEquals(Long.MAX_VALUE, sparse.dataFrom(3));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_pinned_file_is_the_same_when_another_has_its_name() throws IOException {
    try (PinnedFile pinned = OperatingSystem.current().pin(file)) {
      Files.delete(file);
      Files.write(file, new byte[] {7});

      assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(pinned.openable()));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_pipe_is_pinned_and_not_waited_for() throws Exception {
    Path pipe = scratch.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    try (PinnedFile pinned = OperatingSystem.current().pin(pipe)) {
      assertFalse(pinned.status().isRegularFile());
    }
  }
}
