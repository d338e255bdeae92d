package io.basedisk.qcow2.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kinds of damage in QEMU's own tests 060, 080, 098 and 214. If QEMU finds errors, our check
 * finds errors. A read returns the same bytes as in QEMU, or an error.
 */
@Tag("oracle")
class KnownCorruptionsOracleTest {

  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;
  private static final int SIZE = 4 << 20;
  private static final int STEP = 4096;

  @TempDir static Path shared;
  @TempDir Path directory;

  @BeforeAll
  static void makeSoundImage() throws IOException {
    Qemu.assumeInstalled();
    byte[] incompressible = new byte[65536];
    new Random(Seed.VALUE).nextBytes(incompressible);
    Arrays.fill(incompressible, 16384, 65536, (byte) 0); // A quarter of the size.
    Path content = Files.write(shared.resolve("content"), incompressible);
    Path image = shared.resolve("sound.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", image, SIZE);
    // The two compressed ones lie in one host cluster, as in test 214.
    Qemu.io(
        image,
        List.of(
            "write -c -P 1 2M 64K",
            "write -c -P 2 2112K 64K",
            "write -c -s " + content + " 2304K 64K",
            "write -P 3 0 200K",
            "write -z 3M 64K"));
    Qemu.img("snapshot", "-c", "one", image);
    Qemu.io(image, List.of("write -P 4 64K 64K"));
  }

  private static Arguments of(String test, String what, Consumer<Patch> damage) {
    return arguments(test, what, damage);
  }

  static Stream<Arguments> corruptions() {
    return Stream.of(overlaps(), placement(), headers(), snapshots(), compressed())
        .flatMap(group -> group);
  }

  /** Test 060: overlapping structures. */
  private static Stream<Arguments> overlaps() {
    return Stream.of(
        of("060", "an L2 table in the L1 table", p -> p.putLong(p.l1(0), p.l1(0) | COPIED)),
        of(
            "060",
            "data in the refcount block",
            p -> p.putLong(data(p), p.refcountBlock() | COPIED)),
        of("060", "data in the refcount table", p -> p.putLong(data(p), 65536 | COPIED)),
        of("060", "data in the header", p -> p.putLong(data(p), COPIED)),
        of("060", "data in the L1 table", p -> p.putLong(data(p), p.l1(0) | COPIED)),
        of("060", "data in its L2 table", p -> p.putLong(data(p), p.l2(0, 0) | COPIED)),
        of("060", "data in the snapshot table", p -> p.putLong(data(p), p.snapshot() | COPIED)),
        of(
            "060",
            "data in a snapshot's L1 table",
            p -> p.putLong(data(p), p.getLong(p.snapshot()) | COPIED)),
        of(
            "060",
            "data in a snapshot's L2 table",
            p -> p.putLong(data(p), p.getLong(p.getLong(p.snapshot())) | COPIED)),
        of("060", "the header not counted", p -> p.putRefcount(0, 0)),
        of("060", "the refcount table not counted", p -> p.putRefcount(1, 0)),
        of("060", "the refcount block not counted", p -> p.putRefcount(2, 0)),
        of("060", "the L1 table not counted", p -> p.putRefcount(3, 0)),
        of("060", "nothing counted", p -> p.putBytes(p.refcountBlock(), new byte[64])));
  }

  /** Test 060: structures at invalid offsets. */
  private static Stream<Arguments> placement() {
    return Stream.of(
        of("060", "an L1 entry not aligned", p -> p.putLong(p.l1(0), p.getLong(p.l1(0)) + 0x2a00)),
        of(
            "060",
            "a data cluster not aligned",
            p -> p.putLong(data(p), p.getLong(data(p)) + 0x2a00)),
        of(
            "060",
            "a preallocated zero cluster not aligned",
            p -> p.putLong(data(p), p.getLong(data(p)) + 0x2a01)),
        of("060", "a data cluster beyond the end", p -> p.putLong(data(p), 1L << 50 | COPIED)),
        of("060", "a refcount block not aligned", p -> p.putLong(65536, p.getLong(65536) + 0x2a00)),
        of("060", "a refcount block beyond the end", p -> p.putLong(65536, 1L << 50)),
        of("060", "no refcount block", p -> p.putLong(65536, 0)),
        of("098", "dirty, its L1 table emptied", p -> p.putLong(72, 1).putLong(p.l1(0), 0)),
        of(
            "098",
            "dirty, its L1 table and refcounts emptied",
            p -> p.putLong(72, 1).putLong(p.l1(0), 0).putBytes(p.refcountBlock(), new byte[64])),
        of("098", "dirty, no refcount table entry", p -> p.putLong(72, 1).putLong(65536, 0)),
        of("060", "marked as corrupt", p -> p.putLong(72, 2)),
        of("060", "marked as dirty", p -> p.putLong(72, 1)));
  }

  /** Test 080: header fields. */
  private static Stream<Arguments> headers() {
    return Stream.of(
        of("080", "a header of 4 GiB", p -> p.putInt(100, -1)),
        of("080", "a header of 2 GiB", p -> p.putInt(100, Integer.MAX_VALUE)),
        of("080", "an extension of 2 GiB", p -> p.putInt(112, 0x12345678).putInt(116, 0x7ffff000)),
        of("080", "an extension of 4 GiB", p -> p.putInt(112, 0x12345678).putInt(116, -1)),
        of("080", "a refcount table of 2^32 clusters", p -> p.putInt(56, -1)),
        of("080", "a refcount table of 2^31 clusters", p -> p.putInt(56, Integer.MAX_VALUE)),
        of("080", "a refcount table of too many clusters", p -> p.putInt(56, 0x81)),
        of("080", "a refcount table of no clusters", p -> p.putInt(56, 0)),
        of("080", "a refcount table not aligned", p -> p.putLong(48, 0x12345678)),
        of("080", "a refcount table at 2^64", p -> p.putLong(48, 0xffff_ffff_ffff_0000L)),
        of("080", "a refcount table at 2^63", p -> p.putLong(48, 0x7fff_ffff_ffff_0000L)),
        of("080", "an L1 table of 2^32 entries", p -> p.putInt(36, -1)),
        of("080", "an L1 table of 2^31 entries", p -> p.putInt(36, Integer.MAX_VALUE)),
        of("080", "an L1 table not aligned", p -> p.putLong(40, 0x1234_5678_90ab_cdefL)),
        of("080", "an L1 table at 2^63", p -> p.putLong(40, 0x7fff_ffff_ffff_0000L)),
        of("080", "an L1 table of no entries", p -> p.putInt(36, 0)),
        of("080", "a backing name of 4 GiB", p -> p.putLong(8, 1024).putInt(16, -1)),
        of("080", "a backing name of 2 GiB", p -> p.putLong(8, 1024).putInt(16, 0x7fffffff)),
        of("080", "a backing name of 1024 bytes", p -> p.putLong(8, 1024).putInt(16, 1024)),
        of("080", "a backing name far away", p -> p.putLong(8, 1L << 40).putInt(16, 10)));
  }

  /** Test 080: the snapshot table. */
  private static Stream<Arguments> snapshots() {
    return Stream.of(
        of("080", "2^32 snapshots", p -> p.putInt(60, -1)),
        of("080", "2^31 snapshots", p -> p.putInt(60, Integer.MAX_VALUE)),
        of("080", "a snapshot table not aligned", p -> p.putLong(64, 0x1234_5678_90ab_cdefL)),
        of("080", "a snapshot table at 2^63", p -> p.putLong(64, 0x7fff_ffff_ffff_0000L)),
        of("080", "a snapshot table of more than there are", p -> p.putInt(60, 60_000)),
        of("080", "a snapshot's L1 table not aligned", p -> p.putLong(p.snapshot(), 0x12345678)),
        of("080", "a snapshot's L1 table beyond the end", p -> p.putLong(p.snapshot(), 1L << 50)),
        of("080", "a snapshot's L1 table of 2^32 entries", p -> p.putInt(p.snapshot() + 8, -1)),
        of(
            "080",
            "a snapshot's L1 table of 2^27 entries",
            p -> p.putInt(p.snapshot() + 8, 0x08000001)));
  }

  /** Test 214: descriptors of compressed clusters. */
  private static Stream<Arguments> compressed() {
    return Stream.of(
        of(
            "214",
            "all sectors there can be",
            p -> p.putLong(compressed(p), 0x3fL << 56 | p.getLong(compressed(p)))),
        of(
            "214",
            "one sector more",
            p -> p.putLong(compressed(p), p.getLong(compressed(p)) + (1L << 54))),
        of(
            "214",
            "fewer sectors than its data has",
            p -> p.putLong(p.l2(0, 36), p.getLong(p.l2(0, 36)) - (4L << 54))),
        of(
            "214",
            "no sectors",
            p -> p.putLong(compressed(p), p.getLong(compressed(p)) & ~(0xffL << 54))),
        of("214", "the other's bytes", p -> p.putLong(compressed(p), p.getLong(p.l2(0, 33)))),
        of(
            "214",
            "in the middle of its bytes",
            p -> p.putLong(compressed(p), p.getLong(compressed(p)) + 3)),
        of("214", "beyond the end", p -> p.putLong(compressed(p), COMPRESSED | 1L << 50)),
        of("214", "in the header", p -> p.putLong(compressed(p), COMPRESSED)),
        of(
            "214",
            "marked as copied",
            p -> p.putLong(compressed(p), p.getLong(compressed(p)) | COPIED)));
  }

  private static long data(Patch patch) {
    return patch.l2(0, 1);
  }

  private static long compressed(Patch patch) {
    return patch.l2(0, 32);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("corruptions")
  void is_found_and_never_read_wrongly(String test, String what, Consumer<Patch> damage)
      throws IOException {
    Path image = directory.resolve("disk.qcow2");
    Files.copy(shared.resolve("sound.qcow2"), image);
    try (Patch patch = new Patch(image)) {
      damage.accept(patch);
    }

    QemuCheck theirs = QemuCheck.of(image);
    Optional<CheckResult> ours = check(image);
    assertEquals(
        theirs.hasErrors(), ours.map(result -> result.errors() > 0).orElse(true), theirs::output);
    if (theirs.isComplete() && ours.isPresent() && ours.get().complete()) {
      assertEquals(theirs.hasLeaks(), ours.get().leaks() > 0, theirs::output);
    }
    assertReadsAsInQemu(test + ": " + what, image);
  }

  private static Optional<CheckResult> check(Path image) {
    try {
      return Optional.of(RefcountCheck.check(image));
    } catch (InvalidImageException e) {
      return Optional.empty();
    }
  }

  private static void assertReadsAsInQemu(String what, Path image) throws IOException {
    byte[] theirs = QemuCheck.salvage(image);
    try (DiskImage disk = DiskImage.open(image, OpenPolicy.nothing())) {
      for (int at = 0; at < SIZE; at += STEP) {
        ByteBuffer bytes = ByteBuffer.allocate(STEP);
        try {
          disk.read(at, bytes);
        } catch (InvalidImageException e) {
          continue;
        }
        int where = at;
        assertArrayEquals(
            Arrays.copyOfRange(theirs, at, at + STEP), bytes.array(), () -> what + " at " + where);
      }
    } catch (InvalidImageException e) {
      // The whole image is refused.
    }
  }
}
