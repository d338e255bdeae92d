package io.basedisk.qcow2.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.BackingFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeaderTest {

  private static final int FILE_LENGTH = 4 << 16;

  // Valid headers.

  @Test
  void a_header_that_is_written_is_read_as_it_was() throws FormatException {
    Header header = header("/base.qcow2", extensions());

    assertEquals(header, parse(file(header)));
  }

  @Test
  void version_2_has_16_bit_refcounts_deflate_and_no_features() throws FormatException {
    ByteBuffer file = file(header(null, HeaderExtensions.NONE));
    file.putInt(4, 2).put(72, new byte[40]);

    Header header = parse(file);

    assertEquals(
        List.of(2, 72, 16, CompressionType.ZLIB, FeatureBits.NONE),
        List.of(
            header.version(),
            header.headerLength(),
            header.refcountBits(),
            header.compression(),
            header.features()));
  }

  @Test
  void unknown_compatible_and_autoclear_features_are_accepted() throws FormatException {
    ByteBuffer file = valid();
    file.putLong(80, 1L << 40).putLong(88, 1L << 41);

    assertEquals(new FeatureBits(0, 1L << 40, 1L << 41), parse(file).features());
  }

  @Test
  void a_backing_format_without_a_byte_is_none() throws FormatException {
    HeaderExtensions extensions =
        new HeaderExtensions(ImmutableList.of(new BackingFormatExtension("")));

    assertEquals(
        new BackingFile("/base.qcow2", null),
        parse(file(header("/base.qcow2", extensions))).backing().orElseThrow());
  }

  @Test
  void a_backing_name_that_is_only_shown_may_be_any_bytes() throws FormatException {
    ByteBuffer file = valid();
    file.put(nameAt(file), (byte) 0xff).put(nameAt(file) + 5, (byte) 0);

    assertEquals("\ufffdbase", parseToShow(file).backingFile());
  }

  @Test
  void a_backing_name_without_a_byte_is_no_backing_file() throws FormatException {
    ByteBuffer file = valid();
    file.putInt(16, 0);

    assertNull(parse(file).backingFile());
  }

  @Test
  void a_header_that_the_first_read_does_not_reach_is_read_to_its_end() throws FormatException {
    HeaderExtensions extensions =
        new HeaderExtensions(
            ImmutableList.of(new UnknownExtension(0x1234, ByteBuffer.allocate(50_000))));
    Header header = header("/base.qcow2", extensions);

    assertEquals(header, parse(file(header)));
  }

  @Test
  void a_bitmaps_extension_counts_only_with_its_feature_bit() throws FormatException {
    assertEquals(Optional.empty(), parse(valid()).bitmaps());
  }

  @Test
  void an_l1_table_may_be_cut_short_in_its_last_cluster() throws FormatException {
    ByteBuffer file = valid();
    file.limit((3 << 16) + 1);

    assertEquals(new HostOffset(3 << 16), parse(file).l1Table());
  }

  // Invalid headers.

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void is_refused(String reason, Consumer<ByteBuffer> damage) {
    ByteBuffer file = valid();
    damage.accept(file);

    FormatException refusal = assertThrows(FormatException.class, () -> parse(file));

    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  static Stream<Arguments> is_refused() {
    return Stream.of(
        refusal("not a qcow2 image", file -> file.limit(0)),
        refusal("not a qcow2 image", file -> file.limit(71)),
        refusal("not a qcow2 image", file -> file.put(3, (byte) 0)),
        refusal("ends within its header", file -> file.limit(103)),
        refusal("not a qcow2 image: a qcow1 image", file -> file.putInt(4, 1)),
        refusal("unsupported qcow2 version 4", file -> file.putInt(4, 4)),
        refusal("unsupported qcow2 version 4294967295", file -> file.putInt(4, -1)),
        refusal("unsupported cluster bits 8", file -> file.putInt(20, 8)),
        refusal("unsupported cluster bits 22", file -> file.putInt(20, 22)),
        refusal("unsupported cluster bits 4294967295", file -> file.putInt(20, -1)),
        refusal("invalid header length 96", file -> file.putInt(100, 96)),
        refusal("invalid header length 108", file -> file.putInt(100, 108)),
        refusal("invalid header length 65544", file -> file.putInt(100, 65544)),
        refusal("invalid header length 4294967288", file -> file.putInt(100, -8)),
        refusal("refcount order 7", file -> file.putInt(96, 7)),
        refusal("refcount order 4294967295", file -> file.putInt(96, -1)),
        refusal("encryption method AES", file -> file.putInt(32, 1)),
        refusal("encryption method LUKS", file -> file.putInt(32, 2)),
        refusal("encryption method 3", file -> file.putInt(32, 3)),
        refusal("\"external data file\"", file -> file.putLong(72, 4)),
        refusal("\"raw external data\"", file -> file.putLong(88, 2)),
        refusal("feature \"time travel?\"", file -> file.putLong(72, 1L << 33)),
        refusal("feature bit 34", file -> file.putLong(72, 1L << 34)),
        refusal("feature bit 63", file -> file.putLong(72, 1L << 63)),
        refusal("at least 14 cluster bits", file -> file.putInt(20, 13).putLong(72, 16)),
        refusal("unsupported compression type 2", file -> file.put(104, (byte) 2).putLong(72, 8)),
        refusal("contradicts", file -> file.put(104, (byte) 1)),
        refusal("contradicts", file -> file.putLong(72, 8)),
        refusal("contradicts", file -> file.put(104, (byte) 1).putLong(72, 8).putInt(100, 104)),
        refusal("name at 0x8 is not in the first cluster", file -> file.putLong(8, 8)),
        refusal("is not in the first cluster", file -> file.putLong(8, 65537)),
        refusal("is not in the first cluster", file -> file.putLong(8, -1)),
        refusal("1024 bytes is too long", file -> file.putInt(16, 1024)),
        refusal("4294967295 bytes is too long", file -> file.putInt(16, -1)),
        refusal("2 bytes is too long", file -> file.putLong(8, 65535).putInt(16, 2)),
        refusal("name is not UTF-8", file -> file.put(nameAt(file), (byte) 0xff)),
        refusal("name has a zero byte", file -> file.put(nameAt(file) + 2, (byte) 0)),
        refusal("is longer than the header", file -> file.putInt(112 + 4, 65536)),
        refusal("is longer than the header", file -> file.putInt(112 + 4, -1)),
        refusal("occurs twice", file -> file.putInt(112 + 16, 0xe2792aca)),
        refusal("without a bitmaps extension", HeaderTest::bitmapsFeatureAlone),
        refusal("number of bitmaps 0", file -> bitmaps(file).putInt(8, 0)),
        refusal("number of bitmaps 65536", file -> bitmaps(file).putInt(8, 65536)),
        refusal("bitmap directory size 0", file -> bitmaps(file).putLong(16, 0)),
        refusal("bitmap directory size 1844", file -> bitmaps(file).putLong(16, -1)),
        refusal("bitmap directory at 0x200 is not aligned", f -> bitmaps(f).putLong(24, 0x200)),
        refusal("bitmap directory at 0x40000", file -> bitmaps(file).putLong(24, FILE_LENGTH)),
        refusal("extension has 32 bytes instead of 24", file -> bitmaps(file).putInt(4, 32)),
        refusal("too small for the virtual size", file -> file.putLong(24, (1L << 30) + 1)),
        refusal("too small for the virtual size 1844", file -> file.putLong(24, -512)),
        refusal("4194305 entries is too large", file -> file.putInt(36, (4 << 20) + 1)),
        refusal("4294967295 entries is too large", file -> file.putInt(36, -1)),
        refusal("L1 table at 0x30200 is not aligned", file -> file.putLong(40, 0x30200)),
        refusal("L1 table at 0x40000", file -> file.putLong(40, FILE_LENGTH)),
        refusal("L1 table at 0x0", file -> file.putLong(40, 0)),
        refusal("L1 table at 0xffffffffffff0000", file -> file.putLong(40, -65536)),
        refusal("of 65544 bytes is not inside the file", file -> file.putInt(36, 8193)),
        refusal("refcount table of 0 clusters", file -> file.putInt(56, 0)),
        refusal("refcount table of 129 clusters", file -> file.putInt(56, 129)),
        refusal("refcount table of 4294967295 clusters", file -> file.putInt(56, -1)),
        refusal("refcount table at 0x10200 is not aligned", file -> file.putLong(48, 0x10200)),
        refusal("refcount table at 0x0", file -> file.putLong(48, 0)),
        refusal("refcount table at 0x10000 of 327680", file -> file.putInt(56, 5)),
        refusal("number of snapshots 65537", file -> file.putInt(60, 65537)),
        refusal("number of snapshots 4294967295", file -> file.putInt(60, -1)),
        refusal("snapshot table at 0x0", file -> file.putInt(60, 1)),
        refusal("snapshot table at 0x10", file -> file.putInt(60, 1).putLong(64, 16)),
        refusal("snapshot table at 0x30000", file -> file.putInt(60, 1700).putLong(64, 0x30000)));
  }

  private static Arguments refusal(String reason, Consumer<ByteBuffer> damage) {
    return Arguments.of(reason, damage);
  }

  // Building blocks: a file with each extension, where the first one is the backing format.

  private static ByteBuffer valid() {
    try {
      return file(header("/base.qcow2", extensions()));
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  private static HeaderExtensions extensions() {
    return new HeaderExtensions(
        ImmutableList.of(
            new BackingFormatExtension("qcow2"),
            new UnknownExtension(0x1234, ByteBuffer.wrap("kept".getBytes(UTF_8))),
            new BitmapsExtension(2, 100, new HostOffset(3 << 16)),
            new FeatureNameTable(
                ImmutableList.of(new FeatureNameTable.Entry(0, 33, "time travel\n")))));
  }

  private static Header header(String backing, HeaderExtensions extensions) {
    return new Header(
        3,
        new ClusterGeometry(16, false),
        1L << 30,
        2,
        new HostOffset(3 << 16),
        1,
        new HostOffset(1 << 16),
        0,
        HostOffset.NOWHERE,
        FeatureBits.NONE,
        4,
        112,
        CompressionType.ZLIB,
        extensions,
        backing);
  }

  private static ByteBuffer file(Header header) throws FormatException {
    return ByteBuffer.allocate(FILE_LENGTH).put(header.encode()).clear();
  }

  /** Parses the bytes up to the buffer's limit, followed by zeros. */
  private static Header parse(ByteBuffer file) throws FormatException {
    return Header.parse(bytesOf(file), file.limit());
  }

  private static Header parseToShow(ByteBuffer file) throws FormatException {
    return Header.parseToShow(bytesOf(file), file.limit());
  }

  private static FileBytes bytesOf(ByteBuffer file) {
    return (at, length) -> {
      byte[] bytes = new byte[length];
      int count = (int) Math.max(0, Math.min(length, file.limit() - at.bytes()));
      if (count > 0) {
        file.get((int) at.bytes(), bytes, 0, count);
      }
      return ByteBuffer.wrap(bytes);
    };
  }

  private static int nameAt(ByteBuffer file) {
    return (int) file.getLong(8);
  }

  /** Returns a view of the bitmaps extension, and sets its feature bit. */
  private static ByteBuffer bitmaps(ByteBuffer file) {
    file.putLong(88, 1);
    int at = 112;
    while (file.getInt(at) != BitmapsExtension.TYPE) {
      at += 8 + (file.getInt(at + 4) + 7) / 8 * 8;
    }
    return file.slice(at, 32);
  }

  private static void bitmapsFeatureAlone(ByteBuffer file) {
    bitmaps(file).putInt(0, 0x4321);
  }

  @Test
  void a_header_that_does_not_fit_a_cluster_is_not_written() {
    HeaderExtensions extensions =
        new HeaderExtensions(ImmutableList.of(new BackingFormatExtension("q".repeat(65536))));

    assertThrows(FormatException.class, () -> header("/b", extensions).encode());
  }
}
