package io.basedisk.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.port.Progress;
import io.basedisk.filesystem.FileTree.Attribute;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.guest.GuestDisk;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.OpenPolicy;
import io.basedisk.qcow2.operation.Conversion;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.write.Qcow2Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file system with a real directory tree, on a disk that is imported, forked, cloned, changed and
 * flattened. {@code e2fsck} finds no fault on any of the disks, and each disk contains its own
 * tree, even if other disks share its base.
 */
@Tag("oracle")
class RealFileSystemOracleTest {

  private static final String SIZE = "96M";
  private static final int PAGE = 4096;
  private static final BoxId MACHINE = BoxId.of("machine");
  private static final BoxId LEFT = BoxId.of("left");
  private static final BoxId RIGHT = BoxId.of("right");

  @TempDir private Path temporary;
  private Path directory;
  private BaseDisks disks;
  private final Random random = new Random(Seed.VALUE);

  @BeforeEach
  void open_a_home() throws IOException {
    Qemu.assumeInstalled();
    Ext4.assumeInstalled();
    directory = temporary.toRealPath();
    disks = BaseDisks.open(directory.resolve("home"));
  }

  @AfterEach
  void close_the_home() {
    if (disks != null) {
      disks.close();
    }
  }

  static Stream<Arguments> fileSystems() {
    Qcow2Options plain = Qcow2Options.DEFAULT;
    return Stream.of(
        arguments(1024, plain),
        arguments(4096, plain.withCompression(Compression.of(CompressionType.ZLIB))),
        arguments(
            4096,
            plain.withClusterSize(4096).withCompression(Compression.of(CompressionType.ZSTD))));
  }

  @ParameterizedTest(name = "blocks of {0}, {1}")
  @MethodSource("fileSystems")
  void every_clone_has_its_own_file_system(int blockSize, Qcow2Options options) throws IOException {
    FileTree tree = FileTree.fill(directory.resolve("tree"), random);
    tree.newCommands(); // The image is filled from the tree as it is.
    BaseDisk base = importAndFork(tree, blockSize, options);
    disks.clones().cloneBox(MACHINE, ImmutableList.of(LEFT, RIGHT));
    FileTree left = tree.copy(directory.resolve("left"));
    FileTree right = tree.copy(directory.resolve("right"));

    change(LEFT, left, "only left");
    disks.bases().create(LEFT, BaseDiskKind.CLONE_BASE, null);
    change(RIGHT, right, "only right");
    change(LEFT, left, "again left");

    assertHolds(tree, base.diskInfo().basePath(), options);
    assertHolds(tree, disk(MACHINE), options);
    assertHolds(left, disk(LEFT), options);
    assertHolds(right, disk(RIGHT), options);
  }

  private BaseDisk importAndFork(FileTree tree, int blockSize, Qcow2Options options)
      throws IOException {
    Path raw = Ext4.make(directory.resolve("disk.raw"), tree.root(), blockSize, SIZE).image();
    Path machine = Files.createDirectory(directory.resolve("machine"));
    try (DiskImage image = DiskImage.open(List.of(LayerFile.raw(raw)))) {
      new Conversion(image, machine.resolve(DiskSlot.CONTAINER.fileName()), Progress.NONE)
          .toQcow2(options);
    }
    return disks.bases().create(MACHINE, machine, BaseDiskKind.CLONE_BASE, null);
  }

  private Path disk(BoxId box) {
    return disks.boxes().get(box).box().disksDir().resolve(DiskSlot.CONTAINER.fileName());
  }

  private DiskImage open(Path disk) {
    return DiskImage.open(disk, OpenPolicy.inside(disks.home().bases()));
  }

  /** Makes the same changes to a tree and, as its guest, to a disk that holds it. */
  private void change(BoxId box, FileTree tree, String name) throws IOException {
    Path raw = directory.resolve("changed.raw");
    Files.deleteIfExists(raw);
    ImmutableList<LayerFile> layers;
    try (DiskImage image = open(disk(box))) {
      new Conversion(image, raw, Progress.NONE).toRaw();
      layers = image.layers();
    }
    tree.change(random, name);
    new Ext4(raw).change(tree.newCommands());
    long pages = 0;
    try (GuestDisk guest = GuestDisk.open(layers);
        FileChannel changed = FileChannel.open(raw)) {
      ByteBuffer before = ByteBuffer.allocate(PAGE);
      ByteBuffer after = ByteBuffer.allocate(PAGE);
      for (long at = 0; at < guest.virtualSize(); at += PAGE) {
        guest.read(at, before.clear());
        changed.read(after.clear(), at);
        if (!before.flip().equals(after.flip())) {
          guest.write(at, after);
          pages++;
        }
      }
    }
    assertTrue(pages > 1000, "only " + pages + " pages were changed");
  }

  /** Flattens a disk, and compares what is on it then, as QEMU reads it, with a tree. */
  private void assertHolds(FileTree tree, Path disk, Qcow2Options options) throws IOException {
    Path check = Files.createTempDirectory(directory, "check");
    Path flat = check.resolve("flat.qcow2");
    try (DiskImage image = open(disk)) {
      new Conversion(image, flat, Progress.NONE).toQcow2(options);
    }
    Qemu.check(flat);
    Ext4 ext4 = new Ext4(check.resolve("flat.raw"));
    Qemu.img("convert", "-f", "qcow2", "-O", "raw", flat, ext4.image());

    ext4.check();
    ext4.dump(check.resolve("dump"));
    assertEquals(FileTree.list(tree.root()), FileTree.list(check.resolve("dump")));
    for (Attribute attribute : tree.attributes()) {
      assertEquals(attribute.value(), ext4.read(attribute), attribute.toString());
    }
    assertFalse(tree.hardLinks().isEmpty());
    for (ImmutableList<String> paths : tree.hardLinks()) {
      ImmutableList<String> inodes = ext4.inodes(paths);
      assertEquals(Collections.nCopies(paths.size(), inodes.get(0)), inodes, paths::toString);
    }
  }
}
