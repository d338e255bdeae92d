package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Qcow2ImageTools;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversion over a regular file replaces the file in one step, or leaves it as it was. */
class OverwriteTest {

  private static final int SIZE = 1 << 20;

  @TempDir private Path temporary;

  private final ImageTools tools =
      new Qcow2ImageTools(OperatingSystem.current(), UnknownUsePolicy.TRUST_CALLER);
  private final byte[] content = new byte[SIZE];
  private Path directory;
  private Path source;
  private Path target;

  @BeforeEach
  void makeFiles() throws IOException {
    new Random(Seed.VALUE).nextBytes(content);
    directory = temporary.toRealPath();
    source = Files.write(directory.resolve("source.raw"), content);
    target = Files.write(directory.resolve("target.raw"), new byte[] {1, 2, 3});
  }

  @Test
  void a_file_is_replaced_and_keeps_its_permissions() throws IOException {
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));

    overwrite(target);

    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    assertEquals(List.of("source.raw", "target.raw"), names());
  }

  @Test
  void the_file_that_a_link_leads_to_is_replaced() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);

    overwrite(link);

    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void a_missing_file_is_created() throws IOException {
    Path added = directory.resolve("added.raw");

    overwrite(added);

    assertArrayEquals(content, Files.readAllBytes(added));
  }

  @Test
  void an_interrupt_leaves_the_file() throws IOException {
    try (OpenDisk disk = tools.open(ImageToOpen.raw(source))) {
      Thread.currentThread().interrupt();
      assertThrows(
          InterruptedOperationException.class,
          () -> tools.overwrite(disk, target, NewImageFormat.RAW, Progress.NONE));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is gone");
    }

    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(target));
    assertEquals(List.of("source.raw", "target.raw"), names());
  }

  @Test
  void the_source_is_refused_by_each_of_its_names() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), source);

    assertThrows(RefusedException.class, () -> overwrite(source));
    assertThrows(RefusedException.class, () -> overwrite(link));

    assertArrayEquals(content, Files.readAllBytes(source));
  }

  @Test
  void a_file_in_use_is_refused() throws IOException {
    try (FileChannel reader = FileChannel.open(target)) {
      assertTrue(reader.isOpen());
      assertRefused(target);
    }
  }

  @Test
  void a_file_with_another_name_is_refused() throws IOException {
    Files.createLink(directory.resolve("other"), target);

    assertRefused(target);
  }

  @Test
  void a_read_only_file_is_refused() throws IOException {
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r--r--r--"));

    assertRefused(target);
  }

  @Test
  void a_file_in_the_directory_of_any_home_is_refused() throws IOException {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("bases"));
    Files.createDirectories(home.resolve("db"));
    Path box = Files.createDirectories(home.resolve("boxes/web-1"));
    Path disk = Files.write(box.resolve("disk.qcow2"), new byte[] {1, 2, 3});

    assertRefused(disk);
  }

  @Test
  void a_directory_is_refused() {
    assertThrows(RefusedException.class, () -> overwrite(directory));
  }

  private void assertRefused(Path file) throws IOException {
    assertThrows(RefusedException.class, () -> overwrite(file));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
  }

  private void overwrite(Path file) {
    try (OpenDisk disk = tools.open(ImageToOpen.raw(source))) {
      tools.overwrite(disk, file, NewImageFormat.RAW, Progress.NONE);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
