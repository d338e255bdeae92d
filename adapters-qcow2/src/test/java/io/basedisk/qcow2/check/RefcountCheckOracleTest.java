package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our check finds the same damage as {@code qemu-img check}, and counts it in the same way. */
@Tag("oracle")
class RefcountCheckOracleTest {

  private static final int ROUNDS = Repeats.of("basedisk.check.rounds", 15, 30);

  /** Actions of the guest between two snapshots. */
  private static final int ACTIONS = Repeats.of(8, 20);

  /** The images to damage, by whether they have snapshots. */
  private static final Map<Boolean, Path> SOUND = new HashMap<>();

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir static Path shared;
  @TempDir Path directory;

  private final long seed = Seed.VALUE;
  private final Random random = new Random(seed);

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  // Sound images.

  static List<String> matrix() {
    List<String> options = new ArrayList<>();
    for (int clusterSize : new int[] {512, 4096, 65536, 2 << 20}) {
      options.add("compat=0.10,cluster_size=" + clusterSize);
      for (int bits = 1; bits <= 64; bits *= 2) {
        options.add("cluster_size=" + clusterSize + ",refcount_bits=" + bits);
      }
    }
    for (int clusterSize : new int[] {16384, 65536, 2 << 20}) {
      options.add("extended_l2=on,cluster_size=" + clusterSize);
    }
    options.add("compression_type=zstd,cluster_size=4096");
    options.add("preallocation=metadata,extended_l2=on,cluster_size=16384");
    options.add("preallocation=metadata,lazy_refcounts=on,cluster_size=512,refcount_bits=64");
    return options;
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void a_sound_image(String options) {
    Path image = used(options);

    assertTrue(assertSameCounts(image).isClean());
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536})
  void an_image_that_a_crash_left_dirty(int clusterSize) throws Exception {
    Path image = create("lazy_refcounts=on,cluster_size=" + clusterSize, 16 << 20);
    Process crash =
        new ProcessBuilder(
                "qemu-io", "-f", "qcow2", "-c", "write 0 5M", "-c", "sigraise 9", image.toString())
            .redirectErrorStream(true)
            .start();
    crash.getInputStream().readAllBytes();
    crash.waitFor();

    assertTrue(assertSameCounts(image).corruptions() > 0);
  }

  @Test
  void an_image_of_more_clusters_than_are_counted_at_once() throws IOException {
    Path image = create("cluster_size=512,refcount_bits=64", 1 << 20);
    Qemu.io(image, List.of("write 0 100K"));
    try (Patch patch = new Patch(image)) {
      patch.putLong(patch.l2(0, 3), 12L << 30 | 1L << 63);
      patch.putLong(patch.l2(0, 4), 19L << 30);
      patch.setLength(20L << 30);
    }

    assertEquals(3, assertSameCounts(image).corruptions());
  }

  // Damaged images.

  static Stream<Arguments> damagedImages() {
    return Damage.all().stream()
        .flatMap(damage -> Stream.of(arguments(damage, false), arguments(damage, true)));
  }

  @ParameterizedTest(name = "{0}, snapshots={1}")
  @MethodSource("damagedImages")
  void a_damaged_image(Damage damage, boolean snapshots) throws IOException {
    Path image = directory.resolve("disk.qcow2");
    Files.copy(SOUND.computeIfAbsent(snapshots, of -> Damage.soundImage(shared, of)), image);
    try (Patch patch = new Patch(image)) {
      damage.does().accept(patch);
    }

    assertSameVerdict(damage.name(), image);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void refcounts_of_every_width_that_are_too_low_and_too_high(int order) throws IOException {
    Path image = create("cluster_size=4K,refcount_bits=" + (1 << order), 10 << 20);
    Qemu.io(image, List.of("write 0 1M"));
    try (Patch patch = new Patch(image)) {
      long block = patch.refcountBlock();
      patch.putLong(block + 8, ~patch.getLong(block + 8));
    }

    assertSameCounts(image);
  }

  @Test
  void a_cluster_with_more_references_than_a_refcount_can_hold() throws IOException {
    Path image = create("cluster_size=4K,refcount_bits=2", 10 << 20);
    Qemu.io(image, List.of("write 0 1M"));
    try (Patch patch = new Patch(image)) {
      for (int i = 1; i < 7; i++) {
        patch.putLong(patch.l2(0, i), patch.getLong(patch.l2(0, 0)));
      }
      patch.putLong(patch.l1(1), patch.getLong(patch.l1(0)));
    }

    assertSameCounts(image);
  }

  @ParameterizedTest
  @ValueSource(longs = {0x0000_0001_0000_0001L, 0x0000_0000_0000_0001L, 0xffff_ffff_ffff_ffffL})
  void invalid_subclusters(long subclusters) throws IOException {
    Path image = create("extended_l2=on,cluster_size=16K", 10 << 20);
    Qemu.io(image, List.of("write -c 0 16K", "write 16K 64K"));
    try (Patch patch = new Patch(image)) {
      for (int i = 0; i < 8; i++) {
        patch.putLong(patch.l2(0, i) + 8, subclusters);
      }
    }

    assertTrue(assertSameCounts(image).corruptions() > 0);
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
    notes.add("damage %s: seed %d", name, seed);
    Mutations mutations = new Mutations(random, Files.readAllBytes(Images.golden(name, directory)));
    for (int i = 0; i < ROUNDS; i++) {
      Path image = directory.resolve("damaged.qcow2");
      Files.deleteIfExists(image);
      Files.write(image, mutations.next());
      if (isChecked(image)) {
        assertSameVerdict(name + ", seed " + seed + ", round " + i, image);
      }
    }
  }

  // Building blocks.

  private Path create(String options, long size) {
    return create(directory, "disk.qcow2", options, size);
  }

  private static Path create(Path directory, String name, String options, long size) {
    Path image = directory.resolve(name);
    Qemu.img("create", "-q", "-f", "qcow2", "-o", options, image, size);
    return image;
  }

  /** Returns an image that a guest has used, with snapshots and bitmaps where possible. */
  private Path used(String options) {
    notes.add("%s: seed %d", options, seed);
    Path image = create(options, 8 << 20);
    int clusterSize;
    try (Patch patch = new Patch(image)) {
      clusterSize = (int) patch.clusterSize();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    boolean compressing = !options.contains("preallocation"); // QEMU can't if the space is taken.
    Qemu.io(image, new GuestActions(random, 8 << 20, clusterSize, compressing).commands(ACTIONS));
    if (!options.matches(".*refcount_bits=[124]")) {
      Qemu.img("snapshot", "-c", "one", image);
      Qemu.io(image, new GuestActions(random, 8 << 20, clusterSize, false).commands(ACTIONS));
      Qemu.img("snapshot", "-c", "two", image);
    }
    if (!options.contains("compat=0.10")) {
      Qemu.img("bitmap", "--add", image, "daily");
      Qemu.img("bitmap", "--add", "-g", "4K", image, "weekly");
    }
    Qemu.io(image, new GuestActions(random, 8 << 20, clusterSize, false).commands(ACTIONS / 2));
    return image;
  }

  private static CheckResult assertSameCounts(Path image) {
    QemuCheck qemu = QemuCheck.of(image);
    CheckResult ours = RefcountCheck.check(image);
    assertTrue(ours.complete());
    assertEquals(qemu.nonZeroCounts(), QemuCheck.countsOf(ours), () -> ours.details().toString());
    return ours;
  }

  /** Both find damage, or neither does. Different counts are reported; some are unavoidable. */
  private void assertSameVerdict(String what, Path image) {
    QemuCheck qemu = QemuCheck.of(image);
    Optional<CheckResult> ours = check(image);
    boolean errors = ours.map(result -> result.errors() > 0).orElse(true);
    assertEquals(qemu.hasErrors(), errors, () -> what + ": errors? " + qemu + " " + ours);
    if (qemu.isComplete() && ours.isPresent() && ours.get().complete()) {
      boolean leaks = ours.get().leaks() > 0;
      assertEquals(qemu.hasLeaks(), leaks, () -> what + ": leaks? " + qemu + " " + ours);
      if (!qemu.nonZeroCounts().equals(QemuCheck.countsOf(ours.get()))) {
        notes.add(
            "%s: QEMU %s, we %s%s",
            what, qemu.nonZeroCounts(), QemuCheck.countsOf(ours.get()), ours.get().details());
      }
    } else if (qemu.isComplete()) {
      notes.add("%s: QEMU %s, we could not check %s", what, qemu.nonZeroCounts(), ours);
    }
  }

  /** Our header checks are stricter than QEMU's; then there is nothing to compare. */
  private static boolean isChecked(Path image) {
    return check(image).isPresent();
  }

  private static Optional<CheckResult> check(Path image) {
    try {
      return Optional.of(RefcountCheck.check(image));
    } catch (InvalidImageException e) {
      return Optional.empty();
    }
  }
}
