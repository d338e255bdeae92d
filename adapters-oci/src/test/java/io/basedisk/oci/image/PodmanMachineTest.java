package io.basedisk.oci.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** podman machine images as their makers publish them, and hostile ones. */
class PodmanMachineTest {

  private static final byte[] DISK = Disks.qcow2(200_001);
  private static final byte[] RAW = Contents.bytes(100_000, 3);
  private static final Platform PLATFORM = new Platform("amd64", "linux");
  private static final String QCOW2_NAME = "podman-machine.x86_64.qemu.qcow2.zst";
  private static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;
  private Images images;

  @BeforeEach
  void createLayout() {
    images = new Images(directory);
  }

  @Test
  void the_disk_for_qemu_is_taken_from_an_index_of_many() {
    byte[] container = images.layer(Images.GZIP, new byte[1024]).manifest();
    byte[] arm = images.machine(Zstd.compress(RAW), "podman-machine.aarch64.qemu.qcow2.zst");
    byte[] apple = images.machine(Zstd.compress(RAW), "podman-machine.x86_64.applehv.raw.zst");
    byte[] qemu = images.machine(Zstd.compress(DISK), QCOW2_NAME);
    images.index(
        "v1",
        List.of(
            Images.entry(container, "amd64", ""),
            Images.entry(arm, "aarch64", "qemu"),
            Images.entry(apple, "x86_64", "applehv"),
            Images.entry(qemu, "x86_64", "qemu")));
    assertEquals(ImageForm.PODMAN_MACHINE, ImageForm.find(images.blobs(), "place:v1", "v1"));
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void a_raw_disk_is_taken_if_there_is_no_other() {
    publish("applehv", Zstd.compress(RAW), "podman-machine.x86_64.applehv.raw.zst");
    assertDisk(ImageFormat.RAW, RAW);
  }

  @ParameterizedTest
  @CsvSource({"disk.qcow2, none", "disk.qcow2.gz, gzip", "disk.qcow2.zst, zstd"})
  void a_disk_of_each_compression(String title, String compression) {
    byte[] layer =
        switch (compression) {
          case "none" -> DISK;
          case "gzip" -> Images.gzip(DISK);
          default -> Zstd.compress(DISK);
        };
    publish("qemu", layer, title);
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void one_entry_of_an_index_can_be_named_by_its_digest() {
    byte[] manifest = images.machine(Zstd.compress(DISK), QCOW2_NAME);
    images.blobs().putManifest("v1", MediaTypes.MANIFEST, manifest);
    assertEquals(ImageForm.PODMAN_MACHINE, ImageForm.find(images.blobs(), "place:v1", "v1"));
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void what_we_send_is_as_podman_wants_it() throws IOException {
    Path flat = Files.write(directory.resolve("flat.qcow2"), DISK);
    PodmanMachine.send(images.blobs(), "v1", flat, PLATFORM, temporaries, Progress.NONE);

    assertDisk(ImageFormat.QCOW2, DISK);
    String index = new String(images.blobs().manifest("v1").orElseThrow(), UTF_8);
    assertTrue(index.contains("\"annotations\":{\"disktype\":\"qemu\"}"), index);
    assertTrue(
        index.contains("\"platform\":{\"architecture\":\"x86_64\",\"os\":\"linux\"}"), index);
    String digest = "sha256:" + index.split("sha256:", 2)[1].substring(0, 64);
    String manifest = new String(images.blobs().manifest(digest).orElseThrow(), UTF_8);
    assertTrue(
        manifest.contains(
            "\"annotations\":{\"org.opencontainers.image.title\":\"disk.x86_64.qemu.qcow2.zst\"}"),
        manifest);
    assertTrue(manifest.contains("\"mediaType\":\"application/zstd\""), manifest);
    assertEquals(List.of("v1"), images.blobs().tags());
  }

  @Test
  void the_same_disk_gives_the_same_image() throws IOException {
    Path flat = Files.write(directory.resolve("flat.qcow2"), DISK);
    Blobs blobs = images.blobs();
    assertEquals(
        PodmanMachine.send(blobs, "v1", flat, PLATFORM, temporaries, Progress.NONE),
        PodmanMachine.send(blobs, "v2", flat, PLATFORM, temporaries, Progress.NONE));
    assertNothingLeft();
  }

  @Test
  void an_interrupt_ends_the_reception_and_leaves_nothing() {
    publish("qemu", Zstd.compress(DISK), QCOW2_NAME);
    Progress interrupt = (done, total) -> Thread.currentThread().interrupt();
    Receiving receiving = new Receiving(PLATFORM, null, LIMIT, temporaries);

    assertThrows(
        InterruptedOperationException.class,
        () -> PodmanMachine.receive(images.blobs(), "place:v1", "v1", receiving, interrupt));

    assertTrue(Thread.interrupted(), "the interrupt is pending");
    assertNothingLeft();
  }

  @Test
  void an_interrupt_ends_the_sending_and_leaves_nothing() throws IOException {
    Path flat = Files.write(directory.resolve("flat.qcow2"), DISK);
    Progress interrupt = (done, total) -> Thread.currentThread().interrupt();

    assertThrows(
        InterruptedOperationException.class,
        () -> PodmanMachine.send(images.blobs(), "v1", flat, PLATFORM, temporaries, interrupt));

    assertTrue(Thread.interrupted(), "the interrupt is pending");
    assertNothingLeft();
    assertTrue(Files.notExists(directory.resolve("layout/index.json")));
  }

  // Hostile images.

  @Test
  void a_bomb() {
    publish("qemu", Zstd.compress(new byte[LIMIT + 1]), QCOW2_NAME);
    assertInvalid("its disk: it has more than 1048576 bytes, the limit");
  }

  @Test
  void an_index_without_a_disk_for_this_machine() {
    byte[] manifest = images.machine(Zstd.compress(DISK), QCOW2_NAME);
    images.index(
        "v1",
        List.of(
            Images.entry(manifest, "x86_64", "hyperv"),
            Images.entry(manifest, "aarch64", "qemu"),
            Images.entry(manifest, "amd64", "")));
    assertInvalid(
        "no disk of type qemu or applehv for linux/x86_64, only for: linux/x86_64 (hyperv),"
            + " linux/aarch64 (qemu), linux/amd64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk.vhdx.zst", "disk", "", "qcow2", "../../raw", "disk.raw.zip"})
  void a_name_that_says_no_format(String title) {
    publish("qemu", Zstd.compress(DISK), title);
    assertInvalid("says neither qcow2 nor raw");
  }

  @Test
  void a_name_that_lies() {
    publish("qemu", Zstd.compress(RAW), QCOW2_NAME);
    assertInvalid("its disk is no qcow2 image");
  }

  @Test
  void a_compression_that_is_not_supported() {
    publish("qemu", new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0}, "disk.qcow2.xz");
    assertInvalid("xz is not supported");
  }

  @Test
  void a_disk_that_is_cut_off() {
    byte[] whole = Zstd.compress(DISK);
    publish("qemu", Arrays.copyOf(whole, whole.length - 5), QCOW2_NAME);
    assertInvalid("its disk: its compressed data");
  }

  @Test
  void a_blob_that_was_changed() throws IOException {
    byte[] layer = Zstd.compress(DISK);
    publish("qemu", layer, QCOW2_NAME);
    Path blob = directory.resolve("layout/blobs/sha256").resolve(Contents.digest(layer).hex());
    layer[layer.length / 2]++;
    Files.write(blob, layer);
    assertInvalid("its disk: ");
  }

  @Test
  void a_manifest_with_two_layers() {
    byte[] manifest = images.layer(Images.GZIP, RAW).layer(Images.GZIP, DISK).manifest();
    images.index("v1", List.of(Images.entry(manifest, "x86_64", "qemu")));
    assertInvalid("it has 2 layers, a disk of podman has one");
  }

  @Test
  void a_digest_of_another_algorithm() {
    images.document(
        "v1",
        "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha512:"
            + "a".repeat(128)
            + "\",\"size\":1,\"annotations\":{\"disktype\":\"qemu\"}}]}");
    assertInvalid("manifests[0].digest: unsupported digest");
  }

  private void publish(String diskType, byte[] layer, String title) {
    images.index("v1", List.of(Images.entry(images.machine(layer, title), "x86_64", diskType)));
  }

  private ReceivedImage receive() {
    return PodmanMachine.receive(
        images.blobs(),
        "place:v1",
        "v1",
        new Receiving(PLATFORM, null, LIMIT, temporaries),
        Progress.NONE);
  }

  private void assertDisk(ImageFormat format, byte[] content) {
    try (ReceivedImage image = receive()) {
      assertEquals(format, image.format());
      assertArrayEquals(content, Disks.bytes(image.file()));
    }
    assertNothingLeft();
  }

  private void assertInvalid(String reason) {
    String message =
        assertThrows(InvalidImageException.class, () -> receive().close()).getMessage();
    assertTrue(message.startsWith("place:v1: "), message);
    assertTrue(message.contains(reason), message);
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertEquals(0, temporaries.toFile().list().length);
  }
}
