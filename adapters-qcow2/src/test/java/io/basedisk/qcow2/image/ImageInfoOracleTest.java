package io.basedisk.qcow2.image;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.CharMatcher;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of an image we say what {@code qemu-img info} says. */
@Tag("oracle")
class ImageInfoOracleTest {

  @TempDir Path directory;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=0.10",
        "compat=0.10,cluster_size=512",
        "cluster_size=4K,refcount_bits=1",
        "cluster_size=2M,refcount_bits=64",
        "lazy_refcounts=on",
        "compression_type=zstd",
        "extended_l2=on",
      })
  void the_options_that_an_image_was_made_with(String options) {
    Path image = create(options, "100M");

    assertSame(image);
  }

  @Test
  void a_backing_file_with_a_relative_name() {
    create("cluster_size=64K", "100M", "base.qcow2");
    Path image = create("cluster_size=64K,backing_file=base.qcow2,backing_fmt=qcow2", "100M");

    assertSame(image);
  }

  @Test
  void internal_snapshots() {
    Path image = create("cluster_size=64K", "100M");
    Qemu.img("snapshot", "-c", "before the update", image);
    Qemu.img("resize", "-q", image, "+1M");
    Qemu.img("snapshot", "-c", "after the update", image);

    assertSame(image);
  }

  @Test
  void bitmaps() {
    Path image = create("cluster_size=64K", "100M");
    Qemu.img("bitmap", "--add", image, "daily");
    Qemu.img("bitmap", "--add", "-g", "32K", "--disable", image, "weekly");

    assertSame(image);
  }

  @Test
  void a_size_that_is_no_multiple_of_512() throws IOException {
    Path image = create("cluster_size=64K", "100M");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(24);
      file.writeLong(1_000_000);
    }

    assertSame(image);
  }

  @Test
  void a_corrupt_image() throws IOException {
    Path image = create("cluster_size=64K", "100M");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(79);
      file.writeByte(2);
    }

    assertSame(image);
  }

  @Test
  void an_encrypted_image_is_refused_by_name() {
    Path image = directory.resolve("disk.qcow2");
    Qemu.img(
        "create",
        "-q",
        "--object",
        "secret,id=key,data=abc",
        "-f",
        "qcow2",
        "-o",
        "encrypt.format=aes,encrypt.key-secret=key",
        image,
        "1M");

    InvalidImageException refusal =
        assertThrows(InvalidImageException.class, () -> ImageInfo.read(image));

    assertTrue(refusal.getMessage().contains("AES"), refusal.getMessage());
  }

  private Path create(String options, String size) {
    return create(options, size, "disk.qcow2");
  }

  private Path create(String options, String size, String name) {
    Path image = directory.resolve(name);
    Qemu.img("create", "-q", "-f", "qcow2", "-o", options, image, size);
    return image;
  }

  /** Each field that we know is in QEMU's answer with that value, and QEMU has no others. */
  private static void assertSame(Path image) {
    String answer = Qemu.img("info", "--output=json", image);
    String dense = CharMatcher.whitespace().removeFrom(answer);
    List<String> fields = fields(ImageInfo.read(image));

    assertAll(
        fields.stream()
            .map(field -> CharMatcher.whitespace().removeFrom(field))
            .map(field -> () -> assertTrue(dense.contains(field), field + " in " + answer)));
    assertEquals(
        fields.stream().mapToInt(field -> CharMatcher.is(':').countIn(field)).sum(),
        // What QEMU says besides: the size on disk, and the objects that hold the fields.
        colonsOutsideNames(dense) - 1 - 2 - (dense.contains("snapshots\":") ? 1 : 0),
        answer);
  }

  private static int colonsOutsideNames(String json) {
    return (json.length() - json.replace("\":", "").length()) / 2;
  }

  private static List<String> fields(ImageInfo info) {
    List<String> fields = new ArrayList<>();
    fields.add(field("virtual-size", info.virtualSize()));
    fields.add(field("filename", info.file()));
    fields.add(field("cluster-size", info.clusterSize()));
    fields.add(field("format", "qcow2"));
    fields.add(field("type", "qcow2"));
    fields.add(field("compat", info.compat()));
    fields.add(field("compression-type", info.compression().label()));
    fields.add(field("refcount-bits", info.refcountBits()));
    fields.add(field("dirty-flag", info.dirty()));
    if (info.version() > 2) {
      fields.add(field("lazy-refcounts", info.lazyRefcounts()));
      fields.add(field("corrupt", info.corrupt()));
      fields.add(field("extended-l2", info.extendedL2()));
    }
    if (info.backing() != null) {
      fields.add(field("backing-filename", info.backing().name()));
      fields.add(field("backing-filename-format", info.backing().format()));
      fields.add(field("full-backing-filename", info.fullBackingFilename().orElseThrow()));
    }
    if (!info.bitmaps().isEmpty()) {
      fields.add(
          "\"bitmaps\": ["
              + String.join(",", info.bitmaps().stream().map(ImageInfoOracleTest::bitmap).toList())
              + "]");
    }
    info.snapshots().forEach(snapshot -> fields.addAll(snapshot(snapshot)));
    return fields;
  }

  private static String bitmap(BitmapDirectoryEntry bitmap) {
    return "{ \"flags\": ["
        + (bitmap.auto() ? "\"auto\"" : "")
        + "], \"name\": \""
        + bitmap.name()
        + "\", \"granularity\": "
        + (1L << bitmap.granularityBits())
        + "}";
  }

  private static List<String> snapshot(SnapshotTableEntry snapshot) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                field("name", snapshot.name()),
                field("id", snapshot.id()),
                field("date-sec", snapshot.dateSeconds()),
                field("date-nsec", snapshot.dateNanoseconds()),
                field("vm-clock-sec", snapshot.vmClockNanoseconds() / 1_000_000_000),
                field("vm-clock-nsec", snapshot.vmClockNanoseconds() % 1_000_000_000),
                field("vm-state-size", snapshot.vmStateSize())));
    snapshot.instructionCount().ifPresent(count -> fields.add(field("icount", count)));
    return fields;
  }

  private static String field(String name, Object value) {
    boolean bare = value instanceof Number || value instanceof Boolean;
    return "\"" + name + "\": " + (bare ? value : "\"" + value + "\"");
  }
}
