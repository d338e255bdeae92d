package io.basedisk.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.UnallowedFileException;
import io.basedisk.domain.image.AllowedFiles;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.image.ImageToOpen;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.image.SizeChange;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.ImageTools;
import io.basedisk.domain.port.OpenDisk;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.LoopDevice;
import io.basedisk.qcow2.os.OperatingSystem;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Block devices as source, backing file and target, against {@code qemu-img}. */
@Tag("oracle")
class BlockDeviceOracleTest {

  private static final int SIZE = 4 << 20;

  @TempDir private Path temporary;

  private final Random random = new Random(Seed.VALUE);
  private final ImageTools tools =
      new Qcow2ImageTools(OperatingSystem.current(), UnknownUsePolicy.TRUST_CALLER);
  private final List<LoopDevice> devices = new ArrayList<>();
  private Path source;

  /** Makes a disk of 3 MiB with data, with zeros that are written, and with a hole. */
  @BeforeEach
  void makeSource() {
    Qemu.assumeInstalled();
    source = temporary.resolve("source.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", source, 3 << 20);
    Qemu.io(source, List.of("write -P 7 4K 1M", "write -P 0 1536K 512K", "write -P 9 2500K 5K"));
  }

  @AfterEach
  void detach() {
    devices.forEach(LoopDevice::close);
  }

  private LoopDevice device(byte[] content) throws IOException {
    LoopDevice device =
        LoopDevice.of(temporary.resolve("device" + devices.size() + ".img"), content);
    devices.add(device);
    return device;
  }

  private LoopDevice randomDevice(int size) throws IOException {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return device(content);
  }

  // Reading.

  @Test
  void a_raw_device_reads_as_the_disk_that_it_holds() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    ImageToOpen image = ImageToOpen.raw(device.path());
    Path copy = temporary.resolve("copy.raw");

    assertEquals(SIZE, tools.rawInfo(device.path()).virtualSize());
    try (OpenDisk disk = tools.open(image)) {
      assertEquals(SIZE, disk.virtualSize());
      assertEquals(SIZE, disk.map().next().length());
      assertEquals(SIZE, tools.measure(disk, NewImageFormat.RAW).required());
      tools.convert(disk, copy, NewImageFormat.RAW, Progress.NONE);
    }

    assertArrayEquals(device.content(), Files.readAllBytes(copy));
  }

  @Test
  void a_qcow2_image_on_a_device_reads_as_its_file() throws IOException {
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(source), 2 * SIZE);
    LoopDevice device = device(bytes);

    assertEquals(3 << 20, tools.info(device.path()).virtualSize());
    assertTrue(tools.check(device.path(), Progress.NONE).isClean());
    try (OpenDisk file = tools.open(ImageToOpen.qcow2(source));
        OpenDisk disk = tools.open(ImageToOpen.qcow2(device.path()))) {
      assertEquals(OptionalLong.empty(), tools.compare(file, disk, Progress.NONE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "qcow2"})
  void a_device_can_be_a_backing_file_if_it_is_allowed(String format) throws IOException {
    LoopDevice device = randomDevice(SIZE);
    Qemu.img("convert", "-O", format, source, device.path());
    Path overlay = temporary.resolve("overlay.qcow2");
    tools.create(
        overlay, new LayerFile(device.path(), ImageFormat.ofLabel(format)), new ByteSize(3 << 20));
    ImageToOpen image = ImageToOpen.qcow2(overlay);

    assertThrows(UnallowedFileException.class, () -> tools.open(image));
    AllowedFiles allowed = AllowedFiles.only(List.of(device.path()));
    try (OpenDisk file = tools.open(ImageToOpen.qcow2(source));
        OpenDisk disk = tools.open(image.allowing(allowed))) {
      assertEquals(OptionalLong.empty(), tools.compare(file, disk, Progress.NONE));
    }
    assertTrue(Qemu.compare(source, overlay).contains("identical"));
  }

  @Test
  void a_device_below_the_named_backing_file_is_not_opened() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    Qemu.img("convert", "-O", "qcow2", source, device.path());
    Path middle = temporary.resolve("middle.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-b", device.path(), "-F", "qcow2", middle);

    assertThrows(
        InvalidImageException.class,
        () ->
            tools.create(
                temporary.resolve("top.qcow2"), LayerFile.qcow2(middle), new ByteSize(3 << 20)));
  }

  @Test
  void a_box_is_imported_from_a_device() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    Qcow2DiskImages images = new Qcow2DiskImages();
    Path disk = temporary.toRealPath().resolve("disk.qcow2");
    ImageSource image = new ImageSource(device.path(), ImageFormat.RAW, ImmutableSet.of());

    images.importImage(disk, images.inspect(image), new ByteSize(SIZE), Progress.NONE);

    assertArrayEquals(device.content(), Qemu.read(disk));
  }

  @Test
  void a_device_that_a_process_writes_to_is_not_read() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    Process writer =
        new ProcessBuilder("sh", "-c", "exec 3<>" + device.path() + "; echo; exec sleep 600")
            .start();
    try {
      assertEquals('\n', writer.getInputStream().read());

      assertThrows(
          RefusedException.class, () -> tools.open(ImageToOpen.raw(device.path())).close());
    } finally {
      writer.destroyForcibly().onExit().join();
    }
  }

  @Test
  void an_image_on_a_device_is_not_changed_in_place() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    Qemu.img("convert", "-O", "qcow2", source, device.path());
    byte[] before = device.content();

    assertThrows(
        InvalidImageException.class,
        () ->
            tools.resize(ImageToOpen.qcow2(device.path()), SizeChange.parse("1G"), Progress.NONE));
    assertThrows(InvalidImageException.class, () -> tools.renameBacking(device.path(), null));

    assertArrayEquals(before, device.content());
  }

  // Writing.

  @ParameterizedTest
  @ValueSource(ints = {SIZE, SIZE + 512, 3 << 20})
  void a_raw_disk_replaces_the_start_of_a_device_as_with_qemu(int size) throws IOException {
    LoopDevice ours = randomDevice(size);
    LoopDevice theirs = device(ours.content());
    Qemu.img("convert", "-n", "-f", "qcow2", "-O", "raw", source, theirs.path());

    overwrite(source, ours.path(), NewImageFormat.RAW);

    assertArrayEquals(theirs.content(), ours.content());
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 65536})
  void a_qcow2_image_on_a_device_is_clean_for_qemu(int clusterSize) throws IOException {
    LoopDevice device = randomDevice(SIZE);

    overwrite(source, device.path(), NewImageFormat.Qcow2.DEFAULT.withClusterSize(clusterSize));

    Qemu.check(device.path());
    assertTrue(Qemu.compare(source, device.path()).contains("identical"));
  }

  @Test
  void a_compressed_image_fits_a_device() throws IOException {
    LoopDevice device = randomDevice(SIZE);

    overwrite(
        source,
        device.path(),
        NewImageFormat.Qcow2.DEFAULT.withCompression(Compression.of(CompressionType.ZSTD)));

    Qemu.check(device.path());
    assertTrue(Qemu.compare(source, device.path()).contains("identical"));
  }

  private void overwrite(Path image, Path target, NewImageFormat format) {
    try (OpenDisk disk = tools.open(ImageToOpen.qcow2(image))) {
      tools.overwrite(disk, target, format, Progress.NONE);
    }
  }

  @Test
  void an_interrupted_conversion_says_that_the_device_has_a_part() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    BaseDiskException failure;
    try (OpenDisk disk = tools.open(ImageToOpen.qcow2(source))) {
      Thread.currentThread().interrupt();
      failure =
          assertThrows(
              InterruptedOperationException.class,
              () -> tools.overwrite(disk, device.path(), NewImageFormat.RAW, Progress.NONE));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is gone");
    }

    assertTrue(failure.getMessage().contains("may have a part of the new image"));
  }

  // Refusals.

  @Test
  void a_device_is_not_overwritten_by_a_plain_conversion() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    byte[] before = device.content();

    try (OpenDisk disk = tools.open(ImageToOpen.qcow2(source))) {
      assertThrows(
          AlreadyExistsException.class,
          () -> tools.convert(disk, device.path(), NewImageFormat.RAW, Progress.NONE));
    }

    assertArrayEquals(before, device.content());
  }

  @Test
  void a_device_that_is_too_small_is_refused_with_the_sizes() throws IOException {
    LoopDevice device = randomDevice((3 << 20) - 512);
    LoopDevice small = randomDevice(1 << 20);

    RefusedException raw = assertRefused(device, source, NewImageFormat.RAW);
    RefusedException qcow2 = assertRefused(small, source, NewImageFormat.Qcow2.DEFAULT);

    assertTrue(raw.getMessage().contains("it has 3145216 bytes, and the image needs 3145728"));
    assertTrue(qcow2.getMessage().contains("it has 1048576 bytes"));
  }

  @Test
  void a_mounted_device_is_refused() throws IOException {
    LoopDevice device = device(new byte[16 << 20]);
    Tool.assumeInstalled("mkfs.ext4");
    Tool.run("mkfs.ext4", "-q", device.path());
    Path directory = Files.createDirectory(temporary.resolve("mounted"));
    Tool.run("mount", "-o", "ro,noload", device.path(), directory);
    try {
      RefusedException refusal = assertRefused(device, source, NewImageFormat.RAW);
      assertEquals(Optional.of(new Remedy.ReleaseDevice(device.path())), refusal.remedy());
    } finally {
      Tool.run("umount", directory);
    }
  }

  @Test
  void a_device_that_is_open_is_refused() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    try (FileChannel reader = FileChannel.open(device.path(), StandardOpenOption.READ)) {
      assertTrue(reader.isOpen());

      assertRefused(device, source, NewImageFormat.RAW);
    }
  }

  @Test
  void a_device_whose_users_are_unknown_is_refused_unless_the_caller_is_trusted()
      throws IOException {
    LoopDevice device = randomDevice(SIZE);
    byte[] before = device.content();
    ImageTools blind =
        new Qcow2ImageTools(CrippledSystem.withoutLeasesOrSightOfOthers(), UnknownUsePolicy.KEEP);

    try (OpenDisk disk = blind.open(ImageToOpen.qcow2(source))) {
      RefusedException refusal =
          assertThrows(
              RefusedException.class,
              () -> blind.overwrite(disk, device.path(), NewImageFormat.RAW, Progress.NONE));
      assertEquals(Optional.of(new Remedy.ConfirmUnused(device.path())), refusal.remedy());
    }

    assertArrayEquals(before, device.content());
  }

  @Test
  void a_device_with_the_source_on_it_is_refused() throws IOException {
    LoopDevice device = randomDevice(SIZE);
    Qemu.img("convert", "-O", "qcow2", source, device.path());
    Path alias = temporary.resolve("alias");
    String numbers = Tool.run("stat", "-c", "%Hr %Lr", device.path()).strip();
    List<String> number = Splitter.on(' ').splitToList(numbers);
    Tool.run("mknod", alias, "b", number.get(0), number.get(1));

    assertNamesSource(assertRefused(device, device.path(), NewImageFormat.RAW));
    byte[] before = device.content();
    try (OpenDisk disk = tools.open(ImageToOpen.qcow2(device.path()))) {
      assertNamesSource(
          assertThrows(
              RefusedException.class,
              () -> tools.overwrite(disk, alias, NewImageFormat.RAW, Progress.NONE)));
    }
    assertArrayEquals(before, device.content());
  }

  @Test
  void a_device_that_a_source_file_is_behind_is_refused() throws IOException {
    LoopDevice device = LoopDevice.of(source);
    devices.add(device);
    byte[] before = device.content();

    assertThrows(
        RefusedException.class, () -> overwrite(source, device.path(), NewImageFormat.RAW));

    assertArrayEquals(before, device.content());
  }

  @Test
  void a_disk_and_its_partition_are_refused_as_source_and_target() throws IOException {
    Tool.assumeInstalled("addpart");
    LoopDevice device = randomDevice(16 << 20);
    Tool.run("addpart", device.path(), 1, 2048, 8192);
    Path partition = Path.of(device.path() + "p1");
    byte[] before = device.content();

    assertNamesSource(
        assertThrows(RefusedException.class, () -> overwriteRaw(partition, device.path())));
    assertNamesSource(
        assertThrows(RefusedException.class, () -> overwriteRaw(device.path(), partition)));

    assertArrayEquals(before, device.content());
  }

  private static void assertNamesSource(RefusedException refusal) {
    assertTrue(refusal.getMessage().contains("which the conversion reads"), refusal::getMessage);
  }

  private void overwriteRaw(Path image, Path target) {
    try (OpenDisk disk = tools.open(ImageToOpen.raw(image))) {
      tools.overwrite(disk, target, NewImageFormat.RAW, Progress.NONE);
    }
  }

  @Test
  void a_character_device_is_neither_read_nor_overwritten() {
    assertThrows(
        InvalidImageException.class, () -> tools.open(ImageToOpen.raw(Path.of("/dev/zero"))));
    RefusedException refusal =
        assertThrows(
            RefusedException.class,
            () -> overwrite(source, Path.of("/dev/zero"), NewImageFormat.RAW));
    assertTrue(refusal.getMessage().contains("is a character device"));
  }

  /** Returns the refusal, which left the device as it was. */
  private RefusedException assertRefused(LoopDevice device, Path image, NewImageFormat format)
      throws IOException {
    byte[] before = device.content();
    RefusedException refusal =
        assertThrows(RefusedException.class, () -> overwrite(image, device.path(), format));
    assertArrayEquals(before, device.content());
    return refusal;
  }
}
