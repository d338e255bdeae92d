package io.basedisk.qcow2.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.check.RefcountCheck;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.os.ScratchMount;
import io.basedisk.qcow2.testing.Images;
import io.basedisk.qcow2.write.ImageWriter;
import io.basedisk.qcow2.write.Qcow2Options;
import io.basedisk.qcow2.write.Qcow2Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a file system with block sharing, a conversion shares blocks instead of copying. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedBlocksTest {

  private static final int SIZE = 24 << 20;

  private final OperatingSystem system = OperatingSystem.current();
  private final byte[] content = new byte[SIZE];
  private ScratchMount mount;
  private Path directory;

  @BeforeAll
  void mountXfs(@TempDir Path parent) throws IOException {
    mount =
        ScratchMount.ofImage(
            parent, parent.resolve("xfs.img"), 320, "mkfs.xfs", "-q", "-m", "reflink=1");
    directory = mount.directory();
    new Random(Seed.VALUE).nextBytes(content);
    Arrays.fill(content, 4 << 20, 5 << 20, (byte) 0);
  }

  @AfterAll
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  /** Makes an image with the content in one long run, except for the clusters of an upper layer. */
  private List<LayerFile> chain(String name) throws IOException {
    Path raw = Files.write(directory.resolve(name + ".raw"), content);
    Path top = directory.resolve(name + ".qcow2");
    Qcow2Options options =
        Qcow2Options.DEFAULT.withBackingFile(new BackingFile(raw.toString(), "raw"));
    try (ImageWriter writer = Qcow2Writer.create(top, SIZE, options, system)) {
      writer.data(6 << 20, 1 << 20, (offset, target) -> target.put(new byte[target.remaining()]));
      writer.finish();
    }
    return new ArrayList<>(List.of(LayerFile.qcow2(top), LayerFile.raw(raw)));
  }

  private long freeBytes() throws IOException {
    ScratchMount.run("sync", "-f", directory.toString());
    return Files.getFileStore(directory).getUnallocatedSpace();
  }

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 64 << 10, 2 << 20})
  void a_qcow2_image_takes_no_more_space_than_its_tables(int clusterSize) throws IOException {
    List<LayerFile> chain = chain("source-" + clusterSize);
    byte[] expected = Images.read(chain.toArray(LayerFile[]::new));
    Path target = directory.resolve("target-" + clusterSize);
    long before = freeBytes();

    try (DiskImage disk = DiskImage.open(chain)) {
      new Conversion(disk, target, Progress.NONE)
          .toQcow2(Qcow2Options.DEFAULT.withClusterSize(clusterSize));
    }

    assertTrue(before - freeBytes() < SIZE / 2, "it took " + (before - freeBytes()) + " bytes");
    assertArrayEquals(expected, Images.read(LayerFile.qcow2(target)));
    assertTrue(RefcountCheck.check(target).isClean());
  }

  @Test
  void a_raw_image_takes_hardly_any_space() throws IOException {
    List<LayerFile> chain = chain("raw-source");
    byte[] expected = Images.read(chain.toArray(LayerFile[]::new));
    Path target = directory.resolve("target.raw");
    long before = freeBytes();

    try (DiskImage disk = DiskImage.open(chain)) {
      new Conversion(disk, target, Progress.NONE).toRaw();
    }

    assertTrue(before - freeBytes() < SIZE / 2, "it took " + (before - freeBytes()) + " bytes");
    assertArrayEquals(expected, Images.read(LayerFile.raw(target)));
  }

  @Test
  void a_layer_whose_path_names_another_file_is_not_shared() throws IOException {
    List<LayerFile> chain = chain("renamed");
    byte[] expected = Images.read(chain.toArray(LayerFile[]::new));
    Path target = directory.resolve("target-of-renamed");

    try (DiskImage disk = DiskImage.open(chain)) {
      Path raw = chain.get(1).path();
      Files.move(raw, directory.resolve("away"));
      Files.write(raw, new byte[SIZE]);
      new Conversion(disk, target, Progress.NONE).toQcow2(Qcow2Options.DEFAULT);
    }

    assertArrayEquals(expected, Images.read(LayerFile.qcow2(target)));
  }

  @Test
  void the_source_stays_as_it_is_when_the_copy_is_written_to() throws IOException {
    Path raw = Files.write(directory.resolve("kept.raw"), content);
    Path target = directory.resolve("copy.raw");
    try (DiskImage disk = DiskImage.open(List.of(LayerFile.raw(raw)))) {
      new Conversion(disk, target, Progress.NONE).toRaw();
    }

    Files.write(target, new byte[SIZE]);

    assertArrayEquals(content, Files.readAllBytes(raw));
    assertEquals(SIZE, Files.size(raw));
  }
}
