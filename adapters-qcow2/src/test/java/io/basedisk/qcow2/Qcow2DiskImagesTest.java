package io.basedisk.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LayerMerge;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.DiskImagesContract;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Qcow2DiskImagesTest extends DiskImagesContract {

  private static final int CLUSTER = 64 << 10;
  private static final long MAX_VIRTUAL_SIZE = 1L << 51;

  @TempDir Path directory;

  private final DiskImages images = new Qcow2DiskImages();

  @Override
  protected DiskImages images() {
    return images;
  }

  @Override
  protected Path root() {
    return directory;
  }

  @Override
  protected boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  protected int mode(Path path) {
    try {
      return Files.getPosixFilePermissions(path).stream()
          .mapToInt(permission -> 1 << PosixFilePermission.OTHERS_EXECUTE.compareTo(permission))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected FileIdentity identity(Path path) {
    try {
      return OperatingSystem.current().status(path).orElseThrow().identity();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void writeGarbage(Path path, byte[] content) {
    try {
      Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void makeDirectory(Path path) {
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void makeLink(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void makeFifo(Path path) {
    Tool.run("mkfifo", path);
  }

  @Override
  protected void writeAsGuest(Path image) {
    try (GuestDisk guest = GuestDisk.open(List.of(LayerFile.qcow2(image)))) {
      guest.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
  }

  @Override
  protected void writeCluster(ImmutableList<ChainFile> chain, long cluster, String value) {
    try (GuestDisk guest = GuestDisk.open(layers(chain))) {
      ByteBuffer bytes = ByteBuffer.allocate(CLUSTER).put(value.getBytes(UTF_8)).rewind();
      guest.write(cluster * CLUSTER, bytes);
    }
  }

  @Override
  protected Map<Long, String> readClusters(ImmutableList<ChainFile> chain) {
    Map<Long, String> content = new TreeMap<>();
    try (DiskImage disk = DiskImage.open(layers(chain))) {
      for (long cluster = 0; cluster * CLUSTER < disk.virtualSize(); cluster++) {
        ByteBuffer bytes = ByteBuffer.allocate(CLUSTER);
        disk.read(cluster * CLUSTER, bytes);
        String value = UTF_8.decode(bytes.rewind()).toString().replaceAll("\0+$", "");
        if (!value.isEmpty()) {
          content.put(cluster, value);
        }
      }
    }
    return content;
  }

  private static List<LayerFile> layers(ImmutableList<ChainFile> chain) {
    return chain.stream().map(file -> new LayerFile(file.path(), file.format())).toList();
  }

  // Features of the qcow2 format.

  private ChainFile layer(Path path) {
    return new ChainFile(path, ImageFormat.QCOW2, identity(path));
  }

  @Test
  void a_merge_leaves_no_other_file_while_it_is_being_made() throws IOException {
    Path base = directory.resolve("base.qcow2");
    images.createEmpty(base, ByteSize.parse("64M"));
    Path top = directory.resolve("top.qcow2");
    images.createOverlay(top, base, ImageFormat.QCOW2, ByteSize.parse("64M"));
    ImmutableList<ChainFile> chain = ImmutableList.of(layer(top), layer(base));
    writeCluster(chain, 7, "written");
    List<List<Path>> seen = new ArrayList<>();

    images.createMerged(
        directory.resolve("merged.qcow2"),
        new LayerMerge(chain, 1),
        (done, total) -> seen.add(files()));

    for (List<Path> files : seen) {
      assertEquals(List.of(base, directory.resolve("merged.qcow2"), top), files);
    }
    assertFalse(seen.isEmpty());
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void growth_beyond_the_kept_layer_takes_no_space() {
    Path base = directory.resolve("base.qcow2");
    images.createEmpty(base, ByteSize.parse("64M"));
    Path middle = directory.resolve("middle.qcow2");
    images.createOverlay(middle, base, ImageFormat.QCOW2, ByteSize.parse("64M"));
    Path top = directory.resolve("top.qcow2");
    images.createOverlay(top, middle, ImageFormat.QCOW2, ByteSize.parse("4T"));
    LayerMerge merge = new LayerMerge(ImmutableList.of(layer(top), layer(middle), layer(base)), 2);
    Path merged = directory.resolve("merged.qcow2");

    images.createMerged(merged, merge, Progress.NONE);

    assertTrue(images.isEmptyOverlay(merged));
  }

  @Test
  void internal_snapshots_are_counted() {
    Path image = Images.golden("snapshots.qcow2", directory);

    assertEquals(new ImageHeader(3, 1 << 20, null, false, false, 2, 0), images.readHeader(image));
  }

  @Test
  void bitmaps_are_counted() {
    Path image = Images.golden("bitmaps.qcow2", directory);

    assertEquals(new ImageHeader(3, 1 << 20, null, false, false, 0, 2), images.readHeader(image));
  }

  @Test
  void an_image_with_bitmaps_is_not_empty() {
    assertFalse(images.isEmptyOverlay(Images.golden("bitmaps.qcow2", directory)));
  }

  @Test
  void an_image_with_content_in_snapshots_only_is_not_empty() throws IOException {
    Path image = Images.golden("snapshots.qcow2", directory);
    zeroL1Table(image);

    assertFalse(images.isEmptyOverlay(image));
  }

  @Test
  void an_image_without_l1_entries_is_empty() throws IOException {
    Path image = Images.golden("zero.qcow2", directory);
    zeroL1Table(image);

    assertTrue(images.isEmptyOverlay(image));
  }

  @Test
  void an_external_data_file_is_refused_by_name() {
    Path image = Images.golden("external.qcow2", directory);

    String message =
        assertThrows(InvalidImageException.class, () -> images.readHeader(image)).getMessage();

    assertTrue(message.contains("external data file"), message);
  }

  @Test
  void two_pebibytes_are_the_largest_disk() {
    Path image = directory.resolve("largest.qcow2");
    images.createEmpty(image, new ByteSize(MAX_VIRTUAL_SIZE));

    assertEquals(MAX_VIRTUAL_SIZE, images.readHeader(image).virtualSize());
  }

  @Test
  void a_sector_more_than_two_pebibytes_is_refused() {
    assertThrows(
        InvalidArgumentException.class,
        () ->
            images.createEmpty(
                directory.resolve("too-large.qcow2"), new ByteSize(MAX_VIRTUAL_SIZE + 512)));
  }

  @Test
  void a_relative_backing_path_is_refused() {
    assertThrows(
        InvalidArgumentException.class,
        () ->
            images.createOverlay(
                directory.resolve("disk.qcow2"),
                Path.of("base.qcow2"),
                ImageFormat.QCOW2,
                new ByteSize(512)));
  }

  private static void zeroL1Table(Path image) throws IOException {
    long start;
    int size;
    try (ImageMetadata metadata = ImageMetadata.open(image)) {
      start = metadata.header().l1Table().bytes();
      size = (int) metadata.header().l1Bytes();
    }
    try (var channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
      channel.position(start).write(ByteBuffer.allocate(size));
    }
  }
}
