package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BrokenChainException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.PinnedFile;
import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening an image opens only backing files that the caller allows. */
class GateTest {

  private static final int SIZE = 1 << 20;

  @TempDir Path scratch;
  private Path directory;

  @BeforeEach
  void withoutLinks() throws IOException {
    directory = scratch.toRealPath();
  }

  private Path overlay(String name, String backing, @Nullable String format) {
    Path image = directory.resolve(name);
    new NewImage(image, SIZE, new BackingFile(backing, format)).create();
    return image;
  }

  private Path raw(String name, int filling) throws IOException {
    byte[] content = new byte[SIZE];
    Arrays.fill(content, (byte) filling);
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private static int firstByte(Path image, OpenPolicy policy) {
    try (DiskImage disk = DiskImage.open(image, policy)) {
      ByteBuffer first = ByteBuffer.allocate(1);
      disk.read(0, first);
      return first.get(0);
    }
  }

  // Refused files.

  @Test
  void a_backing_file_that_was_not_named_is_refused() throws IOException {
    Path secret = raw("secret", 7);
    Path image = overlay("image", secret.toString(), "raw");

    UnallowedFileException refusal =
        assertThrows(
            UnallowedFileException.class, () -> DiskImage.open(image, OpenPolicy.nothing()));

    assertEquals(secret, refusal.file());
  }

  @Test
  void a_file_further_down_is_refused_though_the_one_above_is_allowed() throws IOException {
    Path secret = raw("secret", 7);
    Path middle = overlay("middle", secret.toString(), "raw");
    Path image = overlay("image", middle.toString(), "qcow2");

    assertThrows(
        UnallowedFileException.class,
        () -> DiskImage.open(image, OpenPolicy.only(List.of(middle))));
  }

  @Test
  void an_image_without_a_backing_file_needs_no_permission() {
    Path image = Images.golden("zstd.qcow2", directory);

    assertEquals(12, firstByte(image, OpenPolicy.nothing()));
  }

  @Test
  void a_missing_file_that_is_not_allowed_is_refused_and_not_reported_missing() {
    Path image = overlay("image", "/nowhere/secret", "raw");

    assertThrows(UnallowedFileException.class, () -> DiskImage.open(image, OpenPolicy.nothing()));
  }

  @Test
  void a_link_out_of_an_allowed_directory_is_refused() throws IOException {
    raw("secret", 7);
    Files.createDirectory(directory.resolve("allowed"));
    Files.createSymbolicLink(directory.resolve("allowed/base"), directory.resolve("secret"));
    Path image = overlay("image", "allowed/base", "raw");

    assertThrows(
        UnallowedFileException.class,
        () -> DiskImage.open(image, OpenPolicy.inside(directory.resolve("allowed"))));
  }

  @Test
  void a_step_up_out_of_an_allowed_directory_is_refused() throws IOException {
    raw("secret", 7);
    raw("allowed/base", 1);
    Path image = overlay("image", "allowed/../secret", "raw");

    assertThrows(
        UnallowedFileException.class,
        () -> DiskImage.open(image, OpenPolicy.inside(directory.resolve("allowed"))));
  }

  @Test
  void a_directory_whose_name_only_begins_as_an_allowed_one_is_refused() throws IOException {
    raw("allowed/base", 1);
    raw("allowed2/base", 7);
    Path image = overlay("image", "allowed2/base", "raw");

    assertThrows(
        UnallowedFileException.class,
        () -> DiskImage.open(image, OpenPolicy.inside(directory.resolve("allowed"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"/etc/passwd\"}}",
        "nbd://host/disk",
        "file:json:x",
        "file:base",
        "fat:rw:base"
      })
  void a_name_that_is_no_plain_path_is_refused_by_name(String name) {
    Path image = overlay("image", name, "raw");

    InvalidImageException refusal =
        assertThrows(
            InvalidImageException.class,
            () -> DiskImage.open(image, OpenPolicy.inside(Path.of("/"))));

    assertTrue(
        refusal.getMessage().contains(name.startsWith("file:json") ? "json:x" : name),
        refusal.getMessage());
  }

  @Test
  void a_format_other_than_qcow2_and_raw_is_refused_by_name() throws IOException {
    raw("base", 1);
    Path image = overlay("image", "base", "vmdk");

    InvalidImageException refusal =
        assertThrows(
            InvalidImageException.class, () -> DiskImage.open(image, OpenPolicy.inside(directory)));

    assertTrue(refusal.getMessage().contains("vmdk"), refusal.getMessage());
  }

  @Test
  void a_backing_file_without_a_format_is_never_raw() throws IOException {
    raw("base", 1);
    Path image = overlay("image", "base", null);

    InvalidImageException refusal =
        assertThrows(
            InvalidImageException.class, () -> DiskImage.open(image, OpenPolicy.inside(directory)));

    assertTrue(refusal.getMessage().contains("does not say which format"), refusal.getMessage());
  }

  @Test
  void a_missing_backing_file_is_named() {
    Path image = overlay("image", "gone", "raw");

    BrokenChainException refusal =
        assertThrows(
            BrokenChainException.class, () -> DiskImage.open(image, OpenPolicy.inside(directory)));

    assertEquals(BrokenChainException.Break.MISSING, refusal.kind());
  }

  @Test
  void a_cycle_is_refused_whatever_its_files_are_called() throws IOException {
    Path image = overlay("image", "other", "qcow2");
    overlay("other", "linked", "qcow2");
    Files.createSymbolicLink(directory.resolve("linked"), image);

    BrokenChainException refusal =
        assertThrows(
            BrokenChainException.class, () -> DiskImage.open(image, OpenPolicy.inside(directory)));

    assertEquals(BrokenChainException.Break.CYCLE, refusal.kind());
  }

  @Test
  void an_image_that_is_not_there_is_not_found() {
    assertThrows(
        NotFoundException.class,
        () -> DiskImage.open(directory.resolve("none"), OpenPolicy.nothing()));
  }

  @Test
  void a_pipe_as_backing_file_is_refused_and_not_waited_for() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path image = overlay("image", "pipe", "raw");

    assertThrows(
        InvalidImageException.class, () -> DiskImage.open(image, OpenPolicy.inside(directory)));
  }

  // Allowed files.

  @Test
  void an_allowed_chain_reads_like_one_that_the_caller_names() {
    Path top = Images.golden("chain-top.qcow2", directory);
    Path middle = Images.golden("chain-middle.qcow2", directory);
    Path base = Images.golden("chain-base.raw", directory);

    try (DiskImage disk = DiskImage.open(top, OpenPolicy.only(List.of(middle, base)))) {
      ByteBuffer content = ByteBuffer.allocate((int) disk.virtualSize());
      disk.read(0, content);

      assertArrayEquals(
          Images.read(LayerFile.qcow2(top), LayerFile.qcow2(middle), LayerFile.raw(base)),
          content.array());
      assertEquals(
          ImmutableList.of(LayerFile.qcow2(top), LayerFile.qcow2(middle), LayerFile.raw(base)),
          disk.layers());
    }
  }

  @Test
  void a_file_may_be_allowed_by_a_link_to_it() throws IOException {
    Path base = raw("base", 5);
    Path link = Files.createSymbolicLink(directory.resolve("link"), base);
    Path image = overlay("image", "base", "raw");

    assertEquals(5, firstByte(image, OpenPolicy.only(List.of(link))));
  }

  @Test
  void either_of_two_policies_may_allow_a_file() throws IOException {
    Path middleBase = raw("allowed/base", 6);
    Path middle = overlay("middle", middleBase.toString(), "raw");
    Path image = overlay("image", middle.toString(), "qcow2");
    OpenPolicy policy =
        OpenPolicy.only(List.of(middle)).or(OpenPolicy.inside(directory.resolve("allowed")));

    assertEquals(6, firstByte(image, policy));
  }

  @Test
  void a_name_is_relative_to_the_directory_by_which_its_image_was_reached() throws IOException {
    raw("real/base", 1);
    raw("linked/base", 2);
    Path image = overlay("real/image", "base", "raw");
    Path link = Files.createSymbolicLink(directory.resolve("linked/image"), image);

    assertEquals(2, firstByte(link, OpenPolicy.inside(directory)));
  }

  @Test
  void a_step_up_from_a_linked_directory_is_one_from_where_the_link_leads() throws IOException {
    raw("base", 1);
    raw("far/base", 2);
    Files.createDirectory(directory.resolve("far/away"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("far/away"));
    Path image = overlay("image", "link/../base", "raw");

    assertEquals(2, firstByte(image, OpenPolicy.inside(directory)));
  }

  @Test
  void a_long_chain_is_followed_to_its_end() throws IOException {
    raw("base", 9);
    overlay("0", "base", "raw");
    for (int i = 1; i < 200; i++) {
      overlay(Integer.toString(i), Integer.toString(i - 1), "qcow2");
    }

    assertEquals(9, firstByte(directory.resolve("199"), OpenPolicy.inside(directory)));
  }

  @Test
  void a_raw_image_is_one_that_the_caller_calls_raw() throws IOException {
    Path image = overlay("image", "/etc/passwd", "raw");

    try (DiskImage disk = DiskImage.open(image, ImageFormat.RAW, OpenPolicy.nothing())) {
      assertEquals(ClusterGeometry.wholeSectorsOver(Files.size(image)), disk.virtualSize());
    }
  }

  // Between the check and the opening.

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_file_that_replaces_a_pinned_one_is_not_opened() throws IOException {
    Path base = raw("base", 1);
    Path secret = raw("secret", 7);
    Gate gate = new Gate(OpenPolicy.only(List.of(base)), OperatingSystem.current());

    try (PinnedFile pinned = gate.pinBacking(directory.resolve("image"), base)) {
      Files.move(secret, base, StandardCopyOption.ATOMIC_MOVE);
      try (ImageFile file = ImageFile.openPinned(pinned, base)) {
        ByteBuffer first = ByteBuffer.allocate(1);
        file.read(0, first);
        assertEquals(1, first.get(0));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_directory_that_becomes_a_link_before_the_file_is_pinned_leads_nowhere()
      throws IOException {
    Path base = raw("allowed/base", 1);
    raw("hidden/base", 7);
    AtomicBoolean swapped = new AtomicBoolean();
    OperatingSystem swapping =
        beforePinning(
            () -> {
              swapped.set(true);
              Files.move(directory.resolve("allowed"), directory.resolve("gone"));
              Files.createSymbolicLink(directory.resolve("allowed"), directory.resolve("hidden"));
            });
    Gate gate = new Gate(OpenPolicy.only(List.of(base)), swapping);

    StorageException failure =
        assertThrows(
            StorageException.class,
            () -> gate.pinBacking(directory.resolve("image"), base).close());
    assertTrue(
        failure.getMessage().contains(directory.resolve("allowed") + " is a symbolic link"),
        failure::getMessage);
    assertTrue(swapped.get());
  }

  /** A step that may fail. */
  private interface Attack {
    void strike() throws IOException;
  }

  private static OperatingSystem beforePinning(Attack attack) {
    OperatingSystem real = OperatingSystem.current();
    return (OperatingSystem)
        Proxy.newProxyInstance(
            OperatingSystem.class.getClassLoader(),
            new Class<?>[] {OperatingSystem.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("pin")) {
                attack.strike();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_link_that_is_swapped_again_and_again_never_opens_a_refused_file() throws Exception {
    Path base = raw("base", 1);
    Path secret = raw("secret", 7);
    Path link = Files.createSymbolicLink(directory.resolve("link"), base);
    Path image = overlay("image", "link", "raw");
    OpenPolicy policy = OpenPolicy.only(List.of(base));
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker = new Thread(() -> turn(link, base, secret, stop));
    attacker.start();
    try {
      for (int i = 0; i < 2000; i++) {
        try {
          assertNotEquals(7, firstByte(image, policy));
        } catch (UnallowedFileException e) {
          assertEquals(secret, e.file());
        }
      }
    } finally {
      stop.set(true);
      attacker.join();
    }
  }

  private static void turn(Path link, Path one, Path other, AtomicBoolean stop) {
    Path next = link.resolveSibling("next");
    try {
      for (int i = 0; !stop.get(); i++) {
        Files.createSymbolicLink(next, i % 2 == 0 ? other : one);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
