package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.basedisk.domain.error.InvalidImageException;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of an image we find what {@code qemu-img check} finds, and count it as that does. */
@Tag("oracle")
class RefcountCheckOracleTest {

  private static final int ROUNDS = Integer.getInteger("basedisk.check.rounds", 60);

  /** The images to be damaged, by whether they have snapshots. */
  private static final Map<Boolean, Path> SOUND = new HashMap<>();

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

  private record Damage(String name, Consumer<Patch> does) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;

  private static Damage damage(String name, Consumer<Patch> does) {
    return new Damage(name, does);
  }

  private static Stream<Damage> damages() {
    return Stream.of(
        // Refcounts.
        damage("a refcount that is too low", p -> p.putRefcount(5, 0)),
        damage("a refcount that is too high", p -> p.putRefcount(5, 2)),
        damage("a free cluster that is counted", p -> p.putRefcount(12, 1).setLength(1 << 20)),
        damage("the header not counted", p -> p.putRefcount(0, 0)),
        damage("no refcount block", p -> p.putLong(p.header.refcountTable().bytes(), 0)),
        damage(
            "a refcount block that is not aligned",
            p -> p.putLong(p.header.refcountTable().bytes(), p.refcountBlock() + 512)),
        damage(
            "a refcount block entry with a reserved bit",
            p -> p.putLong(p.header.refcountTable().bytes(), p.refcountBlock() + 1)),
        damage(
            "a refcount block beyond the end",
            p -> p.putLong(p.header.refcountTable().bytes(), 1L << 40)),
        damage(
            "a refcount block beyond 2^63",
            p -> p.putLong(p.header.refcountTable().bytes(), -1L << 20)),
        damage(
            "a second refcount block that is the first",
            p -> p.putLong(p.header.refcountTable().bytes() + 8, p.refcountBlock())),
        damage(
            "a refcount block in the L1 table",
            p -> p.putLong(p.header.refcountTable().bytes() + 8, p.header.l1Table().bytes())),
        damage("a refcount table in the L1 table", p -> p.putLong(48, p.l1(0))),
        damage("a refcount table that is not aligned", p -> p.putLong(48, 65536 + 8)),
        damage("a refcount table beyond the end", p -> p.putLong(48, 1L << 40)),
        damage("a refcount table of no clusters", p -> p.putInt(56, 0)),
        damage("a refcount table of two clusters", p -> p.putInt(56, 2)),
        damage("a refcount table of too many clusters", p -> p.putInt(56, 1 << 20)),
        // L1 tables.
        damage("an L1 table that is not aligned", p -> p.putLong(40, p.l1(1))),
        damage("an L1 table beyond the end", p -> p.putLong(40, 1L << 40)),
        damage("an L1 table of too many entries", p -> p.putInt(36, 1 << 30)),
        damage("an L1 table of more entries than are needed", p -> p.putInt(36, 20_000)),
        damage("an L1 table that is the header", p -> p.putLong(40, 0)),
        damage("an L1 table of too few entries", p -> p.putInt(36, 1)),
        damage("an L1 entry that is lost", p -> p.putLong(p.l1(0), 0)),
        damage("an L1 entry without its flag", p -> p.putLong(p.l1(0), p.l2(0, 0))),
        damage("an L1 entry with a reserved bit", p -> p.putLong(p.l1(0), p.l2(0, 0) | COPIED | 2)),
        damage("an L1 entry that is a flag alone", p -> p.putLong(p.l1(1), COPIED)),
        damage("an L1 entry that is a reserved bit alone", p -> p.putLong(p.l1(1), 1)),
        damage("an L2 table twice", p -> p.putLong(p.l1(1), p.l2(0, 0) | COPIED)),
        damage(
            "an L2 table that is not aligned",
            p -> p.putLong(p.l1(0), (p.l2(0, 0) + 512) | COPIED)),
        damage("an L2 table beyond the end", p -> p.putLong(p.l1(0), 1L << 40 | COPIED)),
        damage("an L2 table right at the end", p -> p.putLong(p.l1(0), p.end() | COPIED)),
        damage("an L2 table that is the L1 table", p -> p.putLong(p.l1(0), p.l1(0) | COPIED)),
        damage(
            "an L2 table that is the refcount block",
            p -> p.putLong(p.l1(0), p.refcountBlock() | COPIED)),
        // L2 entries.
        damage("a cluster that is lost", p -> p.putLong(p.l2(0, 1), 0)),
        damage("a cluster without its flag", p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 0)))),
        damage(
            "a cluster not marked as copied",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) & ~COPIED)),
        damage(
            "a cluster with reserved bits",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) | 1L << 57 | 4)),
        damage(
            "a cluster that is not aligned",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) + 512)),
        damage(
            "a zero cluster that is not aligned",
            p -> p.putLong(p.l2(0, 1), p.getLong(p.l2(0, 1)) + 513)),
        damage("a cluster that is the header", p -> p.putLong(p.l2(0, 1), COPIED)),
        damage("a cluster in the L2 table", p -> p.putLong(p.l2(0, 1), p.l2(0, 0) | COPIED)),
        damage("a cluster beyond the end", p -> p.putLong(p.l2(0, 1), 1L << 40 | COPIED)),
        damage("a cluster right at the end", p -> p.putLong(p.l2(0, 1), p.end() | COPIED)),
        damage(
            "a compressed cluster marked as copied",
            p -> p.putLong(p.l2(0, 60), p.getLong(p.l2(0, 60)) | COPIED)),
        damage(
            "a compressed cluster beyond the end",
            p -> p.putLong(p.l2(0, 60), COMPRESSED | 1L << 40)),
        damage(
            "a compressed cluster that leads beyond the end",
            p -> p.putLong(p.l2(0, 60), COMPRESSED | 0x3fL << 54 | (p.end() - 1024))),
        damage(
            "a compressed cluster in the header", p -> p.putLong(p.l2(0, 60), COMPRESSED | 1000)),
        damage(
            "a compressed cluster at 2^54 and all sectors", p -> p.putLong(p.l2(0, 60), -1L >>> 1)),
        // The file.
        damage("a file that lost its last clusters", p -> p.setLength(p.length() / 2)),
        damage("a file that lost half a cluster", p -> p.setLength(p.length() - 30_000)),
        damage("a file with more at its end", p -> p.setLength(p.length() + 1_000_000)),
        damage("a file of its first clusters", p -> p.setLength(300_000)),
        // Snapshots.
        damage("a snapshot table that is lost", p -> p.putInt(60, 0)),
        damage("a snapshot table with one too many", p -> p.putInt(60, 3)),
        damage("a snapshot table of too many", p -> p.putInt(60, 70_000)),
        damage("a snapshot table beyond the end", p -> p.putLong(64, 1L << 40)),
        damage("a snapshot table that is not aligned", p -> p.putLong(64, p.snapshot() + 8)),
        damage("a snapshot table in the L1 table", p -> p.putLong(64, p.l1(0))),
        damage("a snapshot's L1 table that is not aligned", p -> p.putLong(p.snapshot(), 700_000)),
        damage("a snapshot's L1 table beyond the end", p -> p.putLong(p.snapshot(), 1L << 40)),
        damage(
            "a snapshot's L1 table that is the active one", p -> p.putLong(p.snapshot(), p.l1(0))),
        damage(
            "a snapshot's L1 table of too many entries", p -> p.putInt(p.snapshot() + 8, 1 << 24)),
        damage("a snapshot's L1 table of more entries", p -> p.putInt(p.snapshot() + 8, 9000)),
        damage("a snapshot's L1 table of no entries", p -> p.putInt(p.snapshot() + 8, 0)),
        damage("a snapshot with too much extra data", p -> p.putInt(p.snapshot() + 36, 2000)),
        damage("a snapshot with too little extra data", p -> p.putInt(p.snapshot() + 36, 8)),
        // Bitmaps.
        damage(
            "a bitmap directory beyond the end", p -> p.putLong(bitmapExtension(p) + 16, 1L << 40)),
        damage("a bitmap directory of no bytes", p -> p.putLong(bitmapExtension(p) + 8, 0)),
        damage("a bitmap directory of one more", p -> p.putInt(bitmapExtension(p), 2)),
        damage("bitmaps that are out of date", p -> p.putLong(88, 0)),
        damage("a bitmap table beyond the end", p -> p.putLong(p.bitmap(), 1L << 40)),
        damage("a bitmap table that is not aligned", p -> p.putLong(p.bitmap(), 65_536 + 512)),
        damage("a bitmap table that is the L1 table", p -> p.putLong(p.bitmap(), p.l1(0))),
        damage("a bitmap table of no entries", p -> p.putInt(p.bitmap() + 8, 0)),
        damage("a bitmap table of more entries", p -> p.putInt(p.bitmap() + 8, 8192)),
        damage("a bitmap table of too many entries", p -> p.putInt(p.bitmap() + 8, 8193)),
        damage("a bitmap of no type", p -> p.putByte(p.bitmap() + 16, 2)),
        damage("a bitmap with a reserved flag", p -> p.putInt(p.bitmap() + 12, 6)),
        damage("a bitmap with too many granularity bits", p -> p.putByte(p.bitmap() + 17, 32)),
        damage("a bitmap that is too small", p -> p.putByte(p.bitmap() + 17, 9)),
        damage(
            "a bitmap entry with reserved bits",
            p -> p.putLong(p.getLong(p.bitmap()), p.getLong(p.getLong(p.bitmap())) | 4)),
        damage(
            "a bitmap's data that is not aligned",
            p -> p.putLong(p.getLong(p.bitmap()), p.getLong(p.getLong(p.bitmap())) + 512)),
        damage("a bitmap's data beyond the end", p -> p.putLong(p.getLong(p.bitmap()), 1L << 40)),
        damage(
            "a bitmap's data in the L2 table", p -> p.putLong(p.getLong(p.bitmap()), p.l2(0, 0))),
        damage("a bitmap's data that is lost", p -> p.putLong(p.getLong(p.bitmap()), 0)));
  }

  /** Returns where the data of the bitmaps extension is, which QEMU puts behind the other. */
  private static long bitmapExtension(Patch patch) {
    for (long at = patch.header.headerLength(); ; at += 8) {
      if (patch.getLong(at) == 0x2385_2875_0000_0018L) {
        return at + 8;
      }
    }
  }

  static Stream<Arguments> damagedImages() {
    return damages()
        .flatMap(damage -> Stream.of(arguments(damage, false), arguments(damage, true)));
  }

  @ParameterizedTest(name = "{0}, snapshots={1}")
  @MethodSource("damagedImages")
  void a_damaged_image(Damage damage, boolean snapshots) throws IOException {
    Path image = directory.resolve("disk.qcow2");
    Files.copy(SOUND.computeIfAbsent(snapshots, RefcountCheckOracleTest::makeSound), image);
    try (Patch patch = new Patch(image)) {
      damage.does.accept(patch);
    }

    assertSameVerdict(damage.name, image);
  }

  private static Path makeSound(boolean snapshots) {
    Path image = create(shared, "snapshots=" + snapshots, "cluster_size=64K", 1L << 30);
    Qemu.io(
        image,
        List.of("write -c 3840K 64K", "write 0 300K", "write -z 600M 64K", "write 700M 64K"));
    if (snapshots) {
      Qemu.img("snapshot", "-c", "one", image);
      Qemu.img("snapshot", "-c", "two", image);
      Qemu.io(image, List.of("write 64K 100K"));
    }
    Qemu.img("bitmap", "--add", image, "daily");
    Qemu.io(image, List.of("write 1000M 64K"));
    return image;
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
  void a_cluster_with_more_references_than_a_refcount_can_say() throws IOException {
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
  void subclusters_that_cant_be(long subclusters) throws IOException {
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
    System.out.println("damage " + name + ": seed " + seed);
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

  /** Returns an image that a guest has used, with snapshots and bitmaps where they can be. */
  private Path used(String options) {
    System.out.println(options + ": seed " + seed);
    Path image = create(options, 8 << 20);
    int clusterSize;
    try (Patch patch = new Patch(image)) {
      clusterSize = (int) patch.clusterSize();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    boolean compressing = !options.contains("preallocation"); // QEMU can't, where space is taken.
    Qemu.io(image, new GuestActions(random, 8 << 20, clusterSize, compressing).commands(20));
    if (!options.matches(".*refcount_bits=[124]")) {
      Qemu.img("snapshot", "-c", "one", image);
      Qemu.io(image, new GuestActions(random, 8 << 20, clusterSize, false).commands(20));
      Qemu.img("snapshot", "-c", "two", image);
    }
    if (!options.contains("compat=0.10")) {
      Qemu.img("bitmap", "--add", image, "daily");
      Qemu.img("bitmap", "--add", "-g", "4K", image, "weekly");
    }
    Qemu.io(image, new GuestActions(random, 8 << 20, clusterSize, false).commands(10));
    return image;
  }

  private static CheckResult assertSameCounts(Path image) {
    QemuCheck qemu = QemuCheck.of(image);
    CheckResult ours = RefcountCheck.check(image);
    assertTrue(ours.complete());
    assertEquals(qemu.nonZeroCounts(), QemuCheck.countsOf(ours), () -> ours.details().toString());
    return ours;
  }

  /** The same is damaged or not; that the counts differ is told, but can't always be otherwise. */
  private static void assertSameVerdict(String what, Path image) {
    QemuCheck qemu = QemuCheck.of(image);
    Optional<CheckResult> ours = check(image);
    boolean errors = ours.map(result -> result.errors() > 0).orElse(true);
    assertEquals(qemu.hasErrors(), errors, () -> what + ": errors? " + qemu + " " + ours);
    if (qemu.isComplete() && ours.isPresent() && ours.get().complete()) {
      boolean leaks = ours.get().leaks() > 0;
      assertEquals(qemu.hasLeaks(), leaks, () -> what + ": leaks? " + qemu + " " + ours);
      if (!qemu.nonZeroCounts().equals(QemuCheck.countsOf(ours.get()))) {
        System.out.println(
            what
                + ": QEMU "
                + qemu.nonZeroCounts()
                + ", we "
                + QemuCheck.countsOf(ours.get())
                + ours.get().details());
      }
    } else if (qemu.isComplete()) {
      System.out.println(what + ": QEMU " + qemu.nonZeroCounts() + ", we could not check " + ours);
    }
  }

  /** Headers are read more strictly here than in QEMU; then there is nothing to compare. */
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
