package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.RepairResult;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An image that {@code qemu-img check -r} makes clean, our repair makes clean too, and the guest's
 * disk stays unchanged.
 */
@Tag("oracle")
class ImageRepairOracleTest {

  private static final int ROUNDS = Repeats.of("basedisk.repair.rounds", 2, 4);

  private static final Pattern NOT_WITHOUT_LOSS =
      Pattern.compile(
          "not aligned|not inside|reserved bits|too large|lacks extra data|subclusters"
              + "|snapshot|bitmap|is marked as copied");

  /** The images to damage, by whether they have snapshots. */
  private static final Map<Boolean, Path> SOUND = new HashMap<>();

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir static Path shared;
  @TempDir Path directory;

  private final ImageRepair repair =
      new ImageRepair(OperatingSystem.current(), UnknownUsePolicy.KEEP);

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  /** Every kind of damage, without or with snapshots; with repeated cases, both. */
  static Stream<Arguments> damagedImages() {
    return IntStream.range(0, Damage.all().size())
        .boxed()
        .flatMap(
            i ->
                IntStream.range(i, i + Repeats.of(1, 2))
                    .mapToObj(j -> damagedImage(Damage.all().get(i), j % 2 == 0)));
  }

  private static Arguments damagedImage(Damage damage, boolean snapshots) {
    return Arguments.of(damage, snapshots, snapshots ? RepairScope.ALL : RepairScope.LEAKS);
  }

  @ParameterizedTest(name = "{0}, snapshots={1}, {2}")
  @MethodSource("damagedImages")
  void a_damaged_image(Damage damage, boolean snapshots, RepairScope scope) throws IOException {
    Path image = directory.resolve("disk.qcow2");
    Files.copy(SOUND.computeIfAbsent(snapshots, of -> Damage.soundImage(shared, of)), image);
    try (Patch patch = new Patch(image)) {
      damage.does().accept(patch);
    }

    assertRepairedLikeQemu(damage.name(), image, scope);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v2-512.qcow2",
        "zero.qcow2",
        "extended.qcow2",
        "zlib.qcow2",
        "zstd.qcow2",
        "snapshots.qcow2",
        "bitmaps.qcow2"
      })
  void an_image_damaged_at_random(String name) throws IOException {
    notes.add("damage %s: seed %d", name, Seed.VALUE);
    Mutations mutations =
        new Mutations(new Random(Seed.VALUE), Files.readAllBytes(Images.golden(name, directory)));
    for (int i = 0; i < ROUNDS; i++) {
      Path image = directory.resolve("damaged.qcow2");
      Files.deleteIfExists(image);
      Files.write(image, mutations.next());
      RepairScope scope = i % 3 == 0 ? RepairScope.LEAKS : RepairScope.ALL;
      assertRepairedLikeQemu(name + ", seed " + Seed.VALUE + ", round " + i, image, scope);
    }
  }

  @ParameterizedTest(name = "extended L2 {0}, snapshots {1}")
  @CsvSource({"off, false", "off, true", "on, false", "on, true"})
  void zero_clusters_at_invalid_offsets_are_repaired_as_in_qemu(String extended, boolean snapshots)
      throws IOException {
    Path image = directory.resolve("disk.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", "extended_l2=" + extended, image, "1M");
    // With subclusters, the last cluster is zero in some and unallocated in the others.
    Qemu.io(
        image, List.of("write 0 64k", "write 64k 192k", "write -z 64k 64k", "write -z 128k 64k"));
    if (snapshots) {
      Qemu.img("snapshot", "-c", "one", image);
      Qemu.io(image, List.of("write 512k 64k"));
    }
    List<Long> entries = new ArrayList<>();
    try (Patch patch = new Patch(image)) {
      entries.addAll(List.of(patch.l2(0, 1), patch.l2(0, 2)));
      if (snapshots) {
        entries.add(patch.snapshotL2(1));
      }
      if (extended.equals("on")) {
        long bitmap = patch.l2(0, 2) + Long.BYTES;
        patch.putLong(bitmap, patch.getLong(bitmap) << 16);
      }
      entries.forEach(at -> patch.putLong(at, patch.getLong(at) + 512));
    }
    Path theirs = Files.copy(image, directory.resolve("theirs.qcow2"));

    RepairResult result = repair.repair(image, RepairScope.ALL, Progress.NONE);

    QemuCheck.repair(theirs, "all");
    assertTrue(result.after().isClean(), result::toString);
    assertEquals(0, QemuCheck.of(image).exit());
    assertEquals(0, QemuCheck.of(theirs).exit());
    assertEquals(Qemu.img("map", "--output=json", theirs), Qemu.img("map", "--output=json", image));
    try (Patch one = new Patch(image);
        Patch other = new Patch(theirs)) {
      for (long at : entries) {
        assertEquals(other.getLong(at), one.getLong(at), "at " + at);
        assertEquals(other.getLong(at + Long.BYTES), one.getLong(at + Long.BYTES), "at " + at);
      }
    }
  }

  /**
   * Returns whether our repair has to succeed where QEMU's does. It need not if QEMU loses
   * snapshots or bitmaps, or changes a table that is also guest data; nor, with other damage than
   * leaks, if QEMU repairs only because it opens the image for writing.
   */
  private static boolean isToBeClean(QemuCheck before, RepairResult ours, RepairScope scope) {
    return scope == RepairScope.LEAKS
        ? !before.hasErrors()
        : ours.after().details().stream().noneMatch(NOT_WITHOUT_LOSS.asPredicate());
  }

  /** Compares both repairs of one image. */
  private void assertRepairedLikeQemu(String what, Path image, RepairScope scope)
      throws IOException {
    Path theirs = directory.resolve("theirs.qcow2");
    Files.deleteIfExists(theirs);
    Files.copy(image, theirs);
    Path damaged = directory.resolve("as-it-was.qcow2");
    Files.deleteIfExists(damaged);
    Files.copy(image, damaged);
    QemuCheck before = QemuCheck.of(image);
    RepairResult ours;
    try {
      ours = repair.repair(image, scope, Progress.NONE);
    } catch (InvalidImageException e) {
      return; // Unreadable, so there is nothing to repair.
    }
    QemuCheck.repair(theirs, scope.label());
    QemuCheck theirsAfter = QemuCheck.of(theirs);
    QemuCheck after = QemuCheck.of(image);
    if (theirsAfter.exit() == 0 && isToBeClean(before, ours, scope)) {
      assertEquals(0, after.exit(), () -> what + ": " + after + " " + ours);
    }
    assertTrue(before.hasErrors() || !after.hasErrors(), () -> what + " is worse: " + after + ours);
    assertEquals(after.exit() == 0, ours.after().isClean(), () -> what + ": " + after + ours);
    assertFalse(QemuCheck.readDifferently(damaged, image), () -> what + ": its guest sees it");
  }
}
