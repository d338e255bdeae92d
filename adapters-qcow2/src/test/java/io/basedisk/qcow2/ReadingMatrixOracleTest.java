package io.basedisk.qcow2;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.check.QemuCheck;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.QemuInfo;
import io.basedisk.qcow2.testing.QemuMap;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Images of every kind, made by QEMU and written at random, on backing files of every kind. Their
 * content, map, information and check equal QEMU's. Our conversions of them are clean for QEMU,
 * with the same content.
 */
@Tag("oracle")
class ReadingMatrixOracleTest {

  private static final int ROUNDS = Repeats.of("basedisk.matrix.rounds", 1, 2);
  private static final int K = 1 << 10;
  private static final int M = 1 << 20;
  private static final int[] CLUSTER_SIZES = {512, 4 * K, 64 * K, 2 * M};

  @RegisterExtension private final TestNotes notes = new TestNotes();

  /** Directory of all files, which name each other relative to it. */
  @TempDir static Path directory;

  /** Possible backing files: their file names, by kind. */
  private static final Map<Below, String> BELOW = new HashMap<>();

  private static final ExecutorService PROCESSES = Executors.newFixedThreadPool(4);

  /** Properties of an image. */
  private record Kind(String options, int clusterSize, boolean compressing) {

    boolean isVersion3() {
      return !options.contains("compat");
    }

    @Override
    public String toString() {
      return options + (compressing ? " compressed" : "");
    }
  }

  /** Kind of backing file. */
  private enum Below {
    NOTHING,
    RAW,
    QCOW2,
    GROWING_CHAIN,
    SHRINKING_CHAIN
  }

  private record Case(Kind kind, Below below, long seed) {
    @Override
    public String toString() {
      return kind + " on " + below + ", seed " + seed;
    }
  }

  private static List<Kind> kinds() {
    ImmutableList.Builder<Kind> kinds = ImmutableList.builder();
    for (int size : CLUSTER_SIZES) {
      String cluster = "cluster_size=" + size;
      kinds.add(new Kind("compat=0.10," + cluster, size, false));
      kinds.add(new Kind("compat=0.10," + cluster, size, true));
      kinds.add(new Kind(cluster, size, false));
      kinds.add(new Kind(cluster, size, true));
      kinds.add(new Kind(cluster + ",compression_type=zstd", size, true));
    }
    for (int size : new int[] {16 * K, 64 * K, 2 * M}) {
      kinds.add(new Kind("extended_l2=on,cluster_size=" + size, size, size == 64 * K));
    }
    return kinds.build();
  }

  static Stream<Case> cases() {
    return Stream.iterate(0, round -> round < ROUNDS, round -> round + 1)
        .flatMap(
            round ->
                Lists.cartesianProduct(kinds(), ImmutableList.copyOf(Below.values())).stream()
                    .map(
                        pair ->
                            new Case(
                                (Kind) pair.get(0),
                                (Below) pair.get(1),
                                Seed.VALUE + 1_000_003L * round)));
  }

  // Backing files.

  @BeforeAll
  static void makeWhatLiesBelow() throws Exception {
    Qemu.assumeInstalled();
    Random random = new Random(Seed.VALUE);
    byte[] content = new byte[2 * M + 300 * K + 512];
    random.nextBytes(content);
    Files.write(directory.resolve("base.raw"), content);
    BELOW.put(Below.RAW, "base.raw");
    BELOW.put(
        Below.QCOW2, image(random, "single", new Kind("cluster_size=4K", 4 * K, true), 2 * M, ""));
    BELOW.put(Below.GROWING_CHAIN, chain(random, "growing", 1 * M, 3 * M / 2, 2 * M, 3 * M));
    BELOW.put(Below.SHRINKING_CHAIN, chain(random, "shrinking", 4 * M, 3 * M, 5 * M / 2, 2 * M));
  }

  private static String chain(Random random, String name, long... sizes) {
    List<Kind> kinds =
        List.of(
            new Kind("cluster_size=512", 512, true),
            new Kind("cluster_size=64K", 64 * K, true),
            new Kind("extended_l2=on,cluster_size=16K", 16 * K, false),
            new Kind("cluster_size=4K,compression_type=zstd", 4 * K, true));
    String below = "";
    for (int i = 0; i < sizes.length; i++) {
      below = image(random, name + i, kinds.get(i), sizes[i], below);
    }
    return below;
  }

  /** Makes an image, lets a guest write to it, and returns its file name. */
  private static String image(Random random, String name, Kind kind, long size, String below) {
    Path image = directory.resolve(name + ".qcow2");
    String backing =
        below.isEmpty()
            ? ""
            : ",backing_file=" + below + ",backing_fmt=" + below.replaceAll(".*[.]", "");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", kind.options + backing, image, size);
    Qemu.io(image, actions(random, kind, size));
    return name + ".qcow2";
  }

  private static List<String> actions(Random random, Kind kind, long size) {
    int cluster = kind.clusterSize;
    int count =
        cluster == 2 * M ? 4 : 15; // A disk has few large clusters, and they take long to write.
    List<String> actions =
        new GuestActions(random, size, cluster, kind.compressing).commands(count);
    // Small clusters are also written many at once.
    actions.addAll(
        new GuestActions(random, size, Math.max(cluster, 16 * K), false).commands(count));
    return actions;
  }

  @AfterAll
  static void endProcesses() {
    PROCESSES.shutdown();
  }

  // The cases.

  @ParameterizedTest
  @MethodSource("cases")
  void an_image_is_the_same_as_in_qemu(Case given) throws Exception {
    notes.add("%s", given);
    Random random = new Random(given.toString().hashCode());
    Path image = made(random, given);

    try (DiskImage disk = DiskImage.open(image, OpenPolicy.inside(directory))) {
      // After a sync and before any read: both turn allocated, unwritten space from a hole into
      // data.
      writeBack(image);
      String expectedMap = QemuMap.of(image, "qcow2");
      String map = QemuMap.of(disk);
      Future<byte[]> content = PROCESSES.submit(() -> Qemu.read(image));
      Future<QemuCheck> check = PROCESSES.submit(() -> QemuCheck.of(image));

      assertAll(
          given.toString(),
          () -> assertEquals(expectedMap, map),
          () -> QemuInfo.assertSame(image),
          () ->
              assertEquals(
                  check.get().nonZeroCounts(), QemuCheck.countsOf(RefcountCheck.check(image))),
          () -> assertArrayEquals(content.get(), contentOf(disk)),
          () -> assertIsReadByQemu(written(random, disk), content.get()));
    } finally {
      Files.delete(image);
    }
  }

  private static Path made(Random random, Case given) {
    Kind kind = given.kind;
    boolean withSnapshot = random.nextInt(4) == 0;
    // Snapshots and compressed clusters share host clusters, which have higher refcounts.
    int refcountBits = withSnapshot ? 8 << random.nextInt(4) : 1 << random.nextInt(7);
    String options =
        kind.isVersion3() ? kind.options + ",refcount_bits=" + refcountBits : kind.options;
    long least = kind.clusterSize == 2 * M ? 3 * M : 600 * K;
    long size = (least + random.nextInt(kind.clusterSize == 2 * M ? 6 * M : 4 * M)) / 512 * 512;
    Kind refined = new Kind(options, kind.clusterSize, kind.compressing);
    String below = BELOW.getOrDefault(given.below, "");
    Path image = directory.resolve(image(random, "top", refined, size, below));
    if (withSnapshot) {
      Qemu.img("snapshot", "-c", "before", image);
      // A cluster that a snapshot shares can't be overwritten by a compressed write.
      Qemu.io(image, actions(random, new Kind(options, kind.clusterSize, false), size));
    }
    return image;
  }

  /** Writes the content of a disk to a new image of any kind. */
  private Path written(Random random, DiskImage disk) throws IOException {
    Qcow2Options options =
        Qcow2Options.DEFAULT.withClusterSize(CLUSTER_SIZES[random.nextInt(CLUSTER_SIZES.length)]);
    if (random.nextInt(3) > 0) {
      CompressionType type = random.nextBoolean() ? CompressionType.ZLIB : CompressionType.ZSTD;
      options = options.withCompression(Compression.of(type));
    }
    notes.add("  written as %s", options);
    Path target = directory.resolve("written.qcow2");
    Files.deleteIfExists(target);
    new Conversion(disk, target, Progress.NONE).toQcow2(options);
    return target;
  }

  private static void assertIsReadByQemu(Path image, byte[] content) {
    Qemu.check(image);
    assertArrayEquals(content, Qemu.read(image));
  }

  private static void writeBack(Path image) throws IOException {
    try (FileChannel file = FileChannel.open(image)) {
      file.force(true);
    }
  }

  private static byte[] contentOf(DiskImage disk) {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(disk.virtualSize()));
    disk.read(0, content);
    return content.array();
  }
}
