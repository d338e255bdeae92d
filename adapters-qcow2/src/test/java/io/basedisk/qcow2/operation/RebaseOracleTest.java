package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageInfoReader;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rebased disk has its old content for QEMU, and a changed name equals the one that QEMU writes.
 */
@Tag("oracle")
class RebaseOracleTest {

  private static final long SIZE = 4 << 20;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir Path temporary;

  private final Random random = new Random(Seed.VALUE);
  private final Rebase rebase = new Rebase(OperatingSystem.current(), UnknownUsePolicy.KEEP);

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  // Safely.

  @ParameterizedTest
  @CsvSource({
    "cluster_size=64K, 4194304, 4194304",
    "cluster_size=64K, 3000320, 4194304",
    "cluster_size=64K, 4194304, 2000384",
    "cluster_size=4K, 5242880, 1048576",
    "cluster_size=512, 1048576, 5242880",
    "compat=0.10, 4194304, 4194304",
    "'extended_l2=on,cluster_size=64K', 4194304, 4194304",
    "compression_type=zstd, 4194304, 4194304",
    "cluster_size=2M, 4194304, 4194304",
  })
  void a_disk_over_another_backing_file_reads_as_before(String options, long oldSize, long newSize)
      throws IOException {
    notes.add("%s: seed %d", options, Seed.VALUE);
    Path old = used("old.qcow2", "cluster_size=64K", oldSize, null);
    Path next = directory().resolve("next.qcow2");
    Files.copy(old, next);
    Qemu.img("resize", "--shrink", "-q", next, newSize);
    Qemu.io(next, new GuestActions(random, newSize, 65536, false).commands(4));
    Path disk = used("disk.qcow2", options, SIZE, old);
    byte[] before = Qemu.read(disk);

    rebase.safely(disk, inDirectory(), LayerFile.qcow2(next), Progress.NONE);

    assertArrayEquals(before, Qemu.read(disk));
    assertEquals(new BackingFile(next.toString(), "qcow2"), ImageInfoReader.read(disk).backing());
    Qemu.check(disk);
    assertNothingElseIn(3);
  }

  @Test
  void content_that_both_backing_files_share_is_not_copied() throws IOException {
    Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
    Path next = directory().resolve("next.qcow2");
    Files.copy(old, next);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, old, 0);

    rebase.safely(disk, inDirectory(), LayerFile.qcow2(next), Progress.NONE);

    assertTrue(
        Qemu.img("map", "--output=json", disk)
            .lines()
            .noneMatch(l -> l.contains("\"depth\": 0, \"present\": true")));
  }

  @Test
  void a_disk_without_a_backing_file_any_more_reads_as_before() throws IOException {
    Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, old);
    byte[] before = Qemu.read(disk);

    rebase.safely(disk, inDirectory(), null, Progress.NONE);

    Files.delete(old);
    assertArrayEquals(before, Qemu.read(disk));
    Qemu.check(disk);
  }

  @Test
  void a_disk_over_a_raw_file_reads_as_before() throws IOException {
    Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, old);
    Path raw = directory().resolve("next.raw");
    Qemu.img("convert", "-O", "raw", old, raw);
    byte[] before = Qemu.read(disk);

    rebase.safely(disk, inDirectory(), new LayerFile(raw, ImageFormat.RAW), Progress.NONE);

    assertArrayEquals(before, Qemu.read(disk));
  }

  @Test
  void a_name_that_fits_leaves_the_canonical_digest() throws IOException {
    Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, old);
    String digest = digest(disk);

    for (String name : new String[] {"/b", "/" + "long".repeat(200), old.toString()}) {
      rebase.nameOnly(disk, new BackingFile(name, "qcow2"));

      assertEquals(new BackingFile(name, "qcow2"), ImageInfoReader.read(disk).backing());
      assertEquals(digest, digest(disk));
    }
    Qemu.check(disk);
    assertNothingElseIn(2);
  }

  private static String digest(Path image) {
    try (ImageFile file = ImageFile.openToRead(image)) {
      return CanonicalDigest.of(file, Progress.NONE);
    }
  }

  @Test
  void owner_and_mode_stay() throws IOException {
    Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, old);
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-r-----"));

    rebase.safely(disk, inDirectory(), null, Progress.NONE);

    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(disk)));
  }

  @Test
  void an_image_with_snapshots_is_refused() throws IOException {
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, null);
    Qemu.img("snapshot", "-c", "one", disk);

    assertThrows(
        RefusedException.class, () -> rebase.safely(disk, inDirectory(), null, Progress.NONE));
  }

  @Test
  void an_image_is_not_its_own_backing_file() throws IOException {
    Path base = used("base.qcow2", "cluster_size=64K", SIZE, null);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, base);

    assertThrows(
        InvalidArgumentException.class,
        () -> rebase.safely(base, inDirectory(), LayerFile.qcow2(disk), Progress.NONE));
    assertNothingElseIn(2);
  }

  // By name.

  @ParameterizedTest
  @ValueSource(strings = {"x.qcow2", "a/rather/longer/name/than/it/was/before.qcow2"})
  void a_name_is_changed_as_qemu_changes_it(String name) throws IOException {
    for (String options : new String[] {"cluster_size=64K", "compat=0.10", "cluster_size=512"}) {
      String format = name.length() > 10 ? "qcow2" : "raw";
      Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
      Path disk = used("disk.qcow2", options, SIZE, old);
      Path theirs = directory().resolve("theirs.qcow2");
      Files.copy(disk, theirs);
      Qemu.img("rebase", "-u", "-b", name, "-F", format, theirs);

      rebase.nameOnly(disk, new BackingFile(name, format));

      assertEquals(info(theirs, "theirs"), info(disk, "disk"));
      assertNothingElseIn(3);
      empty();
    }
  }

  @Test
  void a_name_is_taken_away_as_qemu_takes_it() throws IOException {
    Path old = used("old.qcow2", "cluster_size=64K", SIZE, null);
    Path disk = used("disk.qcow2", "cluster_size=64K", SIZE, old);
    Path theirs = directory().resolve("theirs.qcow2");
    Files.copy(disk, theirs);
    Qemu.img("rebase", "-u", "-b", "", theirs);

    rebase.nameOnly(disk, null);

    assertEquals(info(theirs, "theirs"), info(disk, "disk"));
    Qemu.check(disk);
  }

  @Test
  void a_name_that_does_not_fit_changes_nothing() throws IOException {
    Path disk = used("disk.qcow2", "cluster_size=512", SIZE, null);
    byte[] before = Files.readAllBytes(disk);

    assertThrows(
        InvalidArgumentException.class,
        () -> rebase.nameOnly(disk, new BackingFile("x".repeat(500), "qcow2")));
    assertArrayEquals(before, Files.readAllBytes(disk));
    assertNothingElseIn(1);
  }

  // Building blocks.

  private Path directory() throws IOException {
    return temporary.toRealPath();
  }

  private OpenPolicy inDirectory() throws IOException {
    return OpenPolicy.inside(directory());
  }

  private Path used(String name, String options, long size, Path backing) throws IOException {
    return used(name, options, size, backing, 12);
  }

  private Path used(String name, String options, long size, Path backing, int actions)
      throws IOException {
    Path image = directory().resolve(name);
    if (backing == null) {
      Qemu.img("create", "-q", "-f", "qcow2", "-o", options, image, size);
    } else {
      Qemu.img(
          "create", "-q", "-f", "qcow2", "-b", backing, "-F", "qcow2", "-o", options, image, size);
    }
    if (actions > 0) {
      boolean compressing = !options.contains("cluster_size=512");
      int cluster = options.contains("cluster_size=2M") ? 2 << 20 : 65536;
      boolean old = options.contains("compat=0.10");
      Qemu.io(
          image,
          new GuestActions(random, size, cluster, compressing)
              .commands(actions).stream()
                  .filter(command -> !command.startsWith("write -c") || isWhole(options))
                  .filter(command -> !old || !command.contains("-z"))
                  .toList());
    }
    return image;
  }

  /** QEMU compresses whole clusters only. */
  private static boolean isWhole(String options) {
    return options.contains("64K") || options.contains("2M") || !options.contains("cluster_size");
  }

  private static String info(Path image, String name) {
    return Qemu.img("info", "--output=json", image)
        .replace(name, "IMAGE")
        .replaceAll("\"actual-size\": \\d+,?", "");
  }

  private void assertNothingElseIn(int files) throws IOException {
    try (var list = Files.list(directory())) {
      assertEquals(files, list.count());
    }
  }

  private void empty() throws IOException {
    try (var list = Files.list(directory())) {
      for (Path file : list.toList()) {
        Files.delete(file);
      }
    }
    assertFalse(Files.exists(directory().resolve("disk.qcow2")));
  }
}
