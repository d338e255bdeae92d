package io.basedisk.qcow2.resize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.image.ImageInfoReader;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.operation.Resize;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.GuestActions;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A grown image is the one that {@code qemu-img resize} makes, as far as QEMU can tell. */
@Tag("oracle")
class GrowthOracleTest {

  private static final long SIZE = 4 << 20;

  @TempDir Path temporary;

  private final Random random = new Random(Seed.VALUE);
  private final Resize resize = new Resize(OperatingSystem.current(), UnknownUsePolicy.KEEP);

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({
    "cluster_size=64K, 8M", // The L1 table has room.
    "cluster_size=64K, 10G",
    "cluster_size=64K, 100T",
    "cluster_size=2M, 1P",
    "cluster_size=4K, 20G",
    "cluster_size=512, 100M",
    "cluster_size=512, 1G", // New refcount blocks.
    "cluster_size=512, 64G", // A larger refcount table.
    "'cluster_size=512,refcount_bits=64', 16G",
    "'cluster_size=64K,refcount_bits=1', 100T",
    "'cluster_size=4K,refcount_bits=2', 1T",
    "'cluster_size=4K,refcount_bits=8', 1T",
    "'cluster_size=4K,refcount_bits=32', 1T",
    "compat=0.10, 10T",
    "extended_l2=on, 10T",
    "compression_type=zstd, 10T",
    "lazy_refcounts=on, 10T",
  })
  void a_grown_image_is_the_one_that_qemu_makes(String options, String size) throws IOException {
    Path ours = used(options);
    Path theirs = Files.copy(ours, temporary.resolve("theirs.qcow2"));
    Qemu.img("resize", "-q", "-f", "qcow2", theirs, size);

    grow(ours, size);

    assertSame(theirs, ours);
  }

  @Test
  void an_image_grows_again_and_again() throws IOException {
    Path ours = used("cluster_size=512");
    for (String size : List.of("+1M", "+512", "+7M", "+300M", "+1", "+2G")) {
      grow(ours, size);
      Qemu.check(ours);
    }

    assertEquals(SIZE + (308L << 20) + (2L << 30) + 1024, ImageInfoReader.read(ours).virtualSize());
  }

  @Test
  void internal_snapshots_stay_and_can_be_restored() throws IOException {
    Path ours = used("cluster_size=64K");
    byte[] before = Qemu.read(ours);
    Qemu.img("snapshot", "-c", "s", ours);
    Qemu.io(ours, List.of("write -P 7 0 1M"));
    Path theirs = Files.copy(ours, temporary.resolve("theirs.qcow2"));
    Qemu.img("resize", "-q", "-f", "qcow2", theirs, "10G");

    grow(ours, "10G");

    assertSame(theirs, ours);
    Qemu.img("snapshot", "-a", "s", ours);
    Qemu.check(ours);
    assertEquals(SIZE, ImageInfoReader.read(ours).virtualSize());
    assertArrayEquals(before, Qemu.read(ours));
  }

  @Test
  void a_version_2_image_with_internal_snapshots_is_refused_as_by_qemu() {
    Path ours = used("compat=0.10");
    Qemu.img("snapshot", "-c", "s", ours);
    assertTrue(
        Tool.run(List.of(1), "qemu-img", "resize", "-f", "qcow2", ours, "8M")
            .contains("v2 image which has snapshots"));

    assertThrows(RefusedException.class, () -> grow(ours, "8M"));
  }

  @ParameterizedTest
  @CsvSource({
    "cluster_size=64K, 64K, 31G, 200G", // A larger table of one cluster.
    "cluster_size=64K, 64K, 31G, 32G", // The table has room, the L1 table does not.
    "cluster_size=64K, 512, 4M, 64G", // A larger table of many clusters.
    "cluster_size=64K, 2G, 4M, 2T",
    "cluster_size=512, 512, 4M, 1G", // New refcount blocks, and a header of one sector.
    "'cluster_size=4K,refcount_bits=1', 4K, 4M, 64G",
  })
  void bitmaps_grow_as_with_qemu(String options, String granularity, String size, String grown)
      throws IOException {
    Path ours = temporary.resolve("ours.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", options, ours, size);
    Qemu.img("bitmap", "--add", "-g", granularity, ours, "first");
    Qemu.img("bitmap", "--add", "-g", "1M", ours, "second");
    Qemu.io(ours, List.of("write -P 7 64K 200K", "write -P 3 3M 1M"));
    Qemu.img("bitmap", "--add", "--disable", ours, "third");
    Path theirs = Files.copy(ours, temporary.resolve("theirs.qcow2"));
    Qemu.img("resize", "-q", "-f", "qcow2", theirs, grown);

    grow(ours, grown);

    assertSame(theirs, ours);
    assertEquals(bitmapsOf(theirs), bitmapsOf(ours));
    // QEMU goes on with them.
    for (Path image : List.of(theirs, ours)) {
      Qemu.io(image, List.of("write -P 8 2M 64K"));
      Qemu.img("bitmap", "--merge", "first", image, "third");
    }
    assertEquals(bitmapsOf(theirs), bitmapsOf(ours));
    assertSame(theirs, ours);
  }

  /** Returns each bitmap's name and set bits, as runs of hexadecimal digits at their positions. */
  private static List<String> bitmapsOf(Path image) throws IOException {
    List<String> bitmaps = new ArrayList<>();
    try (ImageMetadata metadata = ImageMetadata.open(image);
        FileChannel file = FileChannel.open(image)) {
      int clusterSize = metadata.header().geometry().clusterSize();
      for (BitmapDirectoryEntry bitmap : metadata.bitmaps()) {
        StringBuilder text = new StringBuilder(bitmap.name() + " of " + bitmap.tableEntries());
        ByteBuffer table = read(file, bitmap.table().bytes(), (int) bitmap.tableBytes());
        for (int i = 0; i < bitmap.tableEntries(); i++) {
          long data = table.getLong();
          if (data != 0) {
            byte[] bits = read(file, data, clusterSize).array();
            text.append(" ").append(i).append(":").append(Arrays.hashCode(bits));
          }
        }
        bitmaps.add(text.toString());
      }
    }
    return bitmaps;
  }

  private static ByteBuffer read(FileChannel file, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    int unused = file.read(bytes, at);
    return bytes.rewind();
  }

  @Test
  void a_bitmap_that_would_be_too_large_is_refused() throws IOException {
    Path ours = used("cluster_size=64K");
    Qemu.img("bitmap", "--add", "-g", "512", ours, "fine");
    byte[] before = Files.readAllBytes(ours);

    assertThrows(RefusedException.class, () -> grow(ours, "4T"));

    assertArrayEquals(before, Files.readAllBytes(ours));
  }

  @Test
  void an_overlay_longer_than_its_backing_file_reads_zeros_behind_it() throws IOException {
    Path base = used("cluster_size=64K");
    Path ours = temporary.resolve("overlay.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", ours);
    Path theirs = Files.copy(ours, temporary.resolve("theirs.qcow2"));
    Qemu.img("resize", "-q", "-f", "qcow2", theirs, "1G");

    grow(ours, "1G");

    assertSame(theirs, ours);
  }

  @ParameterizedTest
  @CsvSource({"1048576", "1000448"})
  void an_overlay_shorter_than_its_backing_file_does_not_show_more_of_it(long shorter)
      throws IOException {
    Path base = temporary.resolve("base.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", base, "4M");
    Qemu.io(base, List.of("write -P 9 0 4M"));
    Path ours = temporary.resolve("overlay.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", ours, shorter);
    Qemu.io(ours, List.of("write -P 5 64K 64K"));
    Path theirs = Files.copy(ours, temporary.resolve("theirs.qcow2"));
    Qemu.img("resize", "-q", "-f", "qcow2", theirs, "8M");

    grow(ours, "8M");

    assertSame(theirs, ours);
    assertEquals(base.toString(), ImageInfoReader.read(ours).backing().name());
  }

  @Test
  void a_raw_image_grows_by_a_hole() throws IOException {
    Path ours = Files.write(temporary.resolve("ours.raw"), new byte[] {1, 2, 3});
    Path theirs = Files.copy(ours, temporary.resolve("theirs.raw"));
    Qemu.img("resize", "-q", "-f", "raw", theirs, "1M");

    resize.grow(ImageToOpen.raw(ours), SizeChange.parse("1M"), Progress.NONE);

    assertEquals(-1, Files.mismatch(theirs, ours));
  }

  @Test
  void a_smaller_size_is_refused_and_the_same_size_changes_nothing() throws IOException {
    Path ours = used("cluster_size=64K");
    byte[] before = Files.readAllBytes(ours);

    assertThrows(InvalidArgumentException.class, () -> grow(ours, "3M"));
    grow(ours, "4M");

    assertArrayEquals(before, Files.readAllBytes(ours));
  }

  @Test
  void a_size_beyond_the_format_is_refused() throws IOException {
    Path ours = used("cluster_size=512");
    byte[] before = Files.readAllBytes(ours);

    assertThrows(InvalidArgumentException.class, () -> grow(ours, "129G"));
    assertThrows(InvalidArgumentException.class, () -> grow(ours, "7E"));
    grow(ours, "4M");

    assertArrayEquals(before, Files.readAllBytes(ours));
    grow(ours, "128G");
    Qemu.check(ours);
  }

  @Test
  void a_dirty_image_is_not_changed() throws IOException {
    Path ours = used("lazy_refcounts=on");
    try (FileChannel file = FileChannel.open(ours, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), 79);
    }

    assertThrows(InvalidImageException.class, () -> grow(ours, "8M"));
  }

  private void grow(Path image, String size) {
    ImageToOpen opened = ImageToOpen.qcow2(image).allowing(AllowedFiles.inside(temporary));
    resize.grow(opened, SizeChange.parse(size), Progress.NONE);
  }

  private Path used(String options) {
    Path image = temporary.resolve("ours.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", options, image, SIZE);
    // QEMU compresses whole clusters only.
    boolean compressing = !options.contains("2M");
    Qemu.io(image, new GuestActions(random, SIZE, 65536, compressing).commands(10));
    return image;
  }

  private static void assertSame(Path theirs, Path ours) {
    ImageInfo expected = ImageInfoReader.read(theirs);
    ImageInfo actual = ImageInfoReader.read(ours);
    assertEquals(expected.virtualSize(), actual.virtualSize());
    assertEquals(expected.version(), actual.version());
    assertEquals(expected.snapshots(), actual.snapshots());
    assertEquals(expected.bitmaps(), actual.bitmaps());
    assertEquals(expected.backing(), actual.backing());
    Qemu.check(ours);
    assertTrue(Qemu.compare(theirs, ours).contains("identical"));
  }
}
