package io.basedisk.qcow2.resize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.RepairScope;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.check.ImageRepair;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageInfoReader;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.RecordedFile;
import io.basedisk.qcow2.image.RecordedFile.Write;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A power cut at any write of a growth leaves the old or the new size, the old content, and no
 * damage but leaks, which a repair frees. The new size appears only with the table for it.
 */
class GrowthPowerCutTest {

  private static final int SIZE = 64 << 10;
  private static final int MAX_SUBSETS = 48;

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  private final Random random = new Random(Seed.VALUE);

  @ParameterizedTest(name = "{0} byte clusters to {1} bytes")
  @CsvSource({
    "65536, 131072, false", // The L1 table has room.
    "65536, 1099511627776, true",
    "512, 1048576, true",
    "512, 134217728, true", // New refcount blocks.
    "512, 4294967296, true", // A larger refcount table.
  })
  void a_cut_leaves_the_old_or_the_new_size(int clusterSize, long newSize, boolean moves)
      throws IOException {
    byte[] content = new byte[SIZE];
    random.nextBytes(content);
    assertCutsLeaveOldOrNew(image(clusterSize, content), content, newSize, moves);
  }

  @ParameterizedTest(name = "bitmaps of {0} byte clusters to {1} bytes")
  @CsvSource({
    "65536, 68719476736, false", // QEMU's header has the directory's offset in the second sector.
    "512, 1073741824, true",
  })
  void a_cut_leaves_the_bitmaps_or_at_worst_none(int clusterSize, long newSize, boolean alwaysKept)
      throws IOException {
    Qemu.assumeInstalled();
    byte[] content = new byte[SIZE];
    random.nextBytes(content);
    Path raw = Files.write(directory.resolve("content"), content);
    Path image = directory.resolve("disk.qcow2");
    String options = "cluster_size=" + clusterSize;
    Qemu.img("convert", "-f", "raw", "-O", "qcow2", "-o", options, raw, image);
    Qemu.img("bitmap", "--add", "-g", "512", image, "fine");
    Qemu.img("bitmap", "--add", "-g", "1M", image, "coarse");
    Qemu.io(image, List.of("write -s " + raw + " 0 64K"));

    Set<Integer> numbers = assertCutsLeaveOldOrNew(image, content, newSize, true);

    assertEquals(alwaysKept ? Set.of(2) : Set.of(0, 2), numbers);
  }

  /** Returns the numbers of bitmaps that were seen. */
  private Set<Integer> assertCutsLeaveOldOrNew(
      Path image, byte[] content, long newSize, boolean moves) throws IOException {
    byte[] durable = Files.readAllBytes(image);
    RecordedFile recorded = new RecordedFile();
    try (ImageFile file = recorded.open(image)) {
      Growth.of(file, newSize).run();
    }

    TreeSet<Long> sizes = new TreeSet<>();
    int states = 0;
    boolean leaked = false;
    Set<Integer> bitmaps = new TreeSet<>();
    for (List<Write> part : recorded.parts()) {
      for (List<Write> reached : subsets(part)) {
        CheckResult found = requireSound(apply(durable, reached), content, sizes);
        leaked |= found.leaks() > 0;
        bitmaps.add(ImageInfoReader.read(state()).bitmaps().size());
        states++;
      }
      durable = apply(durable, part);
    }

    assertEquals(List.of((long) SIZE, newSize), List.copyOf(sizes));
    assertEquals(moves, leaked);
    assertArrayEquals(Files.readAllBytes(image), durable);
    assertTrue(RefcountCheck.check(image).isClean());
    notes.add("%d states after a power cut", states);
    return bitmaps;
  }

  private Path state() {
    return directory.resolve("state.qcow2");
  }

  private CheckResult requireSound(byte[] state, byte[] content, Set<Long> sizes)
      throws IOException {
    Path image = state();
    Files.deleteIfExists(image);
    Files.write(image, state);
    CheckResult found = RefcountCheck.check(image);
    assertEquals(0, found.errors(), found::toString);
    requireFittingBitmaps(image);
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.qcow2(image)))) {
      byte[] read = new byte[SIZE];
      disk.read(0, ByteBuffer.wrap(read));
      assertArrayEquals(content, read);
      sizes.add(disk.virtualSize());
      disk.read(disk.virtualSize() - 1, ByteBuffer.allocate(1));
    }
    CheckResult repaired =
        new ImageRepair(OperatingSystem.current(), UnknownUsePolicy.TRUST_CALLER)
            .repair(image, RepairScope.LEAKS, Progress.NONE)
            .after();
    assertTrue(repaired.isClean(), repaired::toString);
    return found;
  }

  private static void requireFittingBitmaps(Path image) {
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      for (BitmapDirectoryEntry bitmap : metadata.bitmaps()) {
        assertDoesNotThrow(
            () -> bitmap.check(metadata.header().geometry(), metadata.header().virtualSize()));
      }
    }
  }

  /** Returns subsets of writes that may have reached the disk: all subsets, if they are few. */
  private Stream<List<Write>> subsetsOf(List<Write> writes) {
    if (writes.size() <= 5) {
      return IntStream.range(0, 1 << writes.size())
          .mapToObj(chosen -> chosen(writes, i -> (chosen >>> i & 1) != 0));
    }
    Stream<List<Write>> some =
        IntStream.range(0, MAX_SUBSETS).mapToObj(i -> chosen(writes, w -> random.nextBoolean()));
    return Stream.concat(Stream.of(List.<Write>of(), writes), some);
  }

  private List<List<Write>> subsets(List<Write> writes) {
    return subsetsOf(writes).toList();
  }

  private static List<Write> chosen(List<Write> writes, IntPredicate which) {
    return IntStream.range(0, writes.size()).filter(which).mapToObj(writes::get).toList();
  }

  private static byte[] apply(byte[] image, List<Write> writes) {
    byte[] result = image.clone();
    for (Write write : writes) {
      result = write.applyTo(result);
    }
    return result;
  }

  private Path image(int clusterSize, byte[] content) {
    Path image = directory.resolve("disk.qcow2");
    try (Qcow2Writer writer =
        Qcow2Writer.create(
            image,
            SIZE,
            Qcow2Options.DEFAULT.withClusterSize(clusterSize),
            OperatingSystem.current())) {
      writer.data(0, SIZE, (at, target) -> target.put(content, (int) at, target.remaining()));
      writer.finish();
    }
    return image;
  }
}
