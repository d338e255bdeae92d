package io.basedisk.oci.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.layout.LayoutBlobs;
import io.basedisk.oci.tar.Tars;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** containerDisks of several makers, and hostile ones. */
class ContainerDiskTest {

  private static final byte[] DISK = Disks.qcow2(200_001);
  private static final Platform PLATFORM = new Platform("amd64", "linux");
  private static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;
  private Images images;

  @BeforeEach
  void createLayout() {
    images = new Images(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Images.TAR,
        Images.GZIP,
        Images.ZSTD,
        "application/vnd.docker.image.rootfs.diff.tar.gzip"
      })
  void a_layer_of_each_compression(String mediaType) {
    images.layer(mediaType, tar().bytes()).tag("v1");
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void an_image_on_top_of_an_operating_system() {
    Tars base =
        new Tars()
            .directory("bin")
            .file("bin/sh", "x")
            .member("bin/ash", '2')
            .member("bin/bash", '1')
            .member("dev/null", '3')
            .file("etc/dev-disk\\x2dlabel", "x")
            .extended("SCHILY.xattr.user.a", "b")
            .file("etc/passwd", "root");
    images.layer(Images.GZIP, base.bytes()).layer(Images.GZIP, tar().bytes()).tag("v1");
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void a_later_layer_replaces_the_disk() {
    images
        .layer(Images.GZIP, new Tars().file("disk/disk.img", "old").bytes())
        .layer(Images.GZIP, new Tars().file("./disk/disk.img", DISK).bytes())
        .tag("v1");
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk/.wh.old.img", "disk/.wh..wh..opq", ".wh.disk", ".wh..wh..opq"})
  void a_later_layer_removes_an_old_disk(String whiteout) {
    images
        .layer(Images.GZIP, new Tars().file("disk/old.img", "old").bytes())
        .layer(Images.GZIP, new Tars().file("disk/disk.img", DISK).file(whiteout, "").bytes())
        .tag("v1");
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void a_whiteout_is_not_about_its_own_layer() {
    images.layer(Images.GZIP, tar().file("disk/.wh.disk.qcow2", "").bytes()).tag("v1");
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void several_gzip_members_are_one_layer() throws IOException {
    byte[] tar = tar().bytes();
    byte[] one = Images.gzip(Arrays.copyOf(tar, 1000));
    byte[] two = Images.gzip(Arrays.copyOfRange(tar, 1000, tar.length));
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    images.layer(Images.GZIP, both, Contents.digest(tar).toString()).tag("v1");
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void the_image_of_an_index_for_the_platform() {
    byte[] arm =
        images.layer(Images.GZIP, new Tars().file("disk/disk.qcow2", "arm").bytes()).manifest();
    byte[] amd = images.layer(Images.ZSTD, tar().bytes()).manifest();
    images.index("v1", List.of(Images.entry(arm, "arm64", ""), Images.entry(amd, "amd64", "")));
    assertDisk(ImageFormat.QCOW2, DISK);
  }

  @Test
  void a_raw_disk_is_taken_as_one_only_if_the_caller_says_so() throws IOException {
    byte[] raw = Contents.bytes(100_000, 5);
    images.layer(Images.GZIP, new Tars().file("disk/disk.img", raw).bytes()).tag("v1");
    assertInvalid("the file in /disk is no qcow2 image: give its format");
    try (ReceivedImage image = receive(ImageFormat.RAW, LIMIT)) {
      assertEquals(ImageFormat.RAW, image.format());
      assertArrayEquals(raw, Files.readAllBytes(image.file()));
    }
  }

  @Test
  void what_we_send_is_as_kubevirt_wants_it() throws IOException {
    Path flat = Files.write(directory.resolve("flat.qcow2"), DISK);
    ContainerDisk.send(images.blobs(), "v1", flat, PLATFORM, temporaries, Progress.NONE);

    assertDisk(ImageFormat.QCOW2, DISK);
    assertEquals(ImageForm.CONTAINER_DISK, ImageForm.find(images.blobs(), "place:v1", "v1"));
    List<String> members = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(onlyLayer(images.blobs()))))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        members.add(
            String.format(
                "%s %o %d:%d %d",
                each.getName(),
                each.getMode(),
                each.getLongUserId(),
                each.getLongGroupId(),
                each.getLastModifiedTime().toMillis()));
      }
    }
    assertEquals(List.of("disk/ 40555 107:107 0", "disk/disk.qcow2 100444 107:107 0"), members);
  }

  @Test
  void the_same_disk_gives_the_same_image() throws IOException {
    Path flat = Files.write(directory.resolve("flat.qcow2"), DISK);
    LayoutBlobs blobs = images.blobs();
    assertEquals(
        ContainerDisk.send(blobs, "v1", flat, PLATFORM, temporaries, Progress.NONE),
        ContainerDisk.send(blobs, "v2", flat, PLATFORM, temporaries, Progress.NONE));
    assertNothingLeft();
  }

  @Test
  void an_image_with_a_backing_file_is_not_sent() throws IOException {
    byte[] overlay = DISK.clone();
    overlay[15] = 104;
    Path flat = Files.write(directory.resolve("flat.qcow2"), overlay);
    String message =
        assertThrows(
                InvalidImageException.class,
                () ->
                    ContainerDisk.send(
                        images.blobs(), "v1", flat, PLATFORM, temporaries, Progress.NONE))
            .getMessage();
    assertTrue(message.contains("it has a backing file"), message);
    assertTrue(Files.notExists(directory.resolve("layout")));
  }

  @Test
  void an_image_that_does_not_exist_is_not_found() {
    images.layer(Images.GZIP, tar().bytes()).tag("v1");
    assertThrows(
        NotFoundException.class,
        () ->
            ContainerDisk.receive(
                images.blobs(),
                "place:v2",
                "v2",
                new Receiving(PLATFORM, null, LIMIT, temporaries),
                Progress.NONE));
    assertNothingLeft();
  }

  // Hostile images.

  @Test
  void a_disk_larger_than_the_limit() {
    images.layer(Images.GZIP, tar().bytes()).tag("v1");
    RefusedException refused =
        assertThrows(RefusedException.class, () -> receive(null, DISK.length - 1));
    assertEquals(Optional.of(new Remedy.RaiseLimit(DISK.length)), refused.remedy());
    assertNothingLeft();
  }

  @Test
  void disks_that_replace_each_other_count_together() {
    byte[] half = new byte[LIMIT / 2];
    for (int i = 0; i < 3; i++) {
      images.layer(Images.GZIP, new Tars().file("disk/x" + i, half).bytes());
    }
    images.tag("v1");
    assertRefused("its disk has 1572864 bytes, more than the limit of 1048576");
  }

  @Test
  void a_sparse_disk_of_eight_exbibytes() {
    Tars tar = new Tars().sparse("disk/disk.img", Long.MAX_VALUE, new byte[1], 0, 1);
    images.layer(Images.GZIP, tar.bytes()).tag("v1");
    assertRefused("bytes, more than the limit");
  }

  @ParameterizedTest
  @ValueSource(strings = {Images.GZIP, Images.ZSTD})
  void a_bomb_elsewhere(String mediaType) {
    Tars tar = tar().file("bomb", new byte[LIMIT + (16 << 20) + 1]);
    images.layer(mediaType, tar.bytes()).tag("v1");
    assertInvalid("layer 0: it has more than", "the limit");
  }

  @ParameterizedTest
  @CsvSource({"2, a link", "1, a link", "3, a special file", "6, a special file"})
  void a_disk_that_is_no_file(char type, String kind) {
    images.layer(Images.GZIP, new Tars().member("disk/disk.img", type).bytes()).tag("v1");
    assertInvalid("/disk/disk.img is " + kind);
  }

  @Test
  void a_directory_that_is_a_link() {
    images.layer(Images.GZIP, new Tars().member("disk", '2').bytes()).tag("v1");
    assertInvalid("layer 0: /disk is a link");
  }

  @Test
  void a_disk_in_a_directory_of_its_own() {
    images.layer(Images.GZIP, new Tars().file("disk/a/disk.img", DISK).bytes()).tag("v1");
    assertInvalid("/disk/a is a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/disk/disk.img", "disk/../../etc/passwd", "../disk.img", "etc/.."})
  void a_name_that_leads_out(String name) {
    images.layer(Images.GZIP, tar().file(name, "x").bytes()).tag("v1");
    assertInvalid("layer 0: member \"", "the name leads out of the archive");
  }

  @Test
  void two_disks() {
    images.layer(Images.GZIP, tar().file("disk/b\u001b[31m", "x").bytes()).tag("v1");
    assertInvalid("it has 2 files in /disk, expected one: b?[31m, disk.qcow2");
  }

  @Test
  void a_disk_that_occurs_twice_in_a_layer() {
    images.layer(Images.GZIP, tar().file("./disk/disk.qcow2", DISK).bytes()).tag("v1");
    assertInvalid("member \"disk/disk.qcow2\": it occurs twice");
  }

  @Test
  void more_files_than_the_limit() {
    Tars tar = new Tars();
    for (int i = 0; i <= 1000; i++) {
      tar.file("disk/" + i, "");
    }
    images.layer(Images.GZIP, tar.bytes()).tag("v1");
    assertInvalid("it has more than 1000 files in /disk");
  }

  @Test
  void an_image_without_a_disk() {
    images.layer(Images.GZIP, new Tars().file("diskette/x", "x").bytes()).tag("v1");
    assertInvalid("it has no file in /disk: it is no containerDisk");
  }

  @Test
  void an_image_without_layers() {
    images.tag("v1");
    assertInvalid("it has no file in /disk");
  }

  @Test
  void a_layer_that_is_cut_off() {
    byte[] tar = Arrays.copyOf(tar().bytes(), 5000);
    images.layer(Images.GZIP, tar).tag("v1");
    assertInvalid("layer 0: it is cut off");
  }

  @Test
  void a_layer_whose_compressed_data_is_cut_off() {
    byte[] layer = Images.gzip(tar().bytes());
    String diffId = Contents.digest(tar().bytes()).toString();
    images.layer(Images.GZIP, Arrays.copyOf(layer, layer.length - 1000), diffId).tag("v1");
    assertInvalid("layer 0: its compressed data is cut off");
  }

  @Test
  void a_layer_with_another_content_than_the_config_says() {
    images.layer(Images.GZIP, Images.gzip(tar().bytes()), "sha256:" + "a".repeat(64)).tag("v1");
    assertInvalid("layer 0: its content has the digest sha256:", "not sha256:aaaa");
  }

  @Test
  void a_layer_of_another_media_type() {
    images.layer("application/vnd.oci.image.layer.nondistributable.v1.tar", tar().bytes());
    images.tag("v1");
    assertInvalid("layer 0: unsupported media type \"application/vnd.oci.image.layer.non");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 5000})
  void a_blob_that_was_changed(int at) throws IOException {
    images.layer(Images.TAR, tar().bytes()).tag("v1");
    Path blob = layerFile();
    byte[] changed = Files.readAllBytes(blob);
    changed[at] ^= 1;
    Files.write(blob, changed);
    assertInvalid("layer 0: ");
  }

  @Test
  void a_gzip_blob_that_was_changed_after_its_end() throws IOException {
    byte[] layer = Images.gzip(tar().bytes());
    String diffId = Contents.digest(tar().bytes()).toString();
    images.layer(Images.GZIP, Arrays.copyOf(layer, layer.length + 50), diffId).tag("v1");
    Path blob = layerFile();
    byte[] changed = Files.readAllBytes(blob);
    changed[changed.length - 1] = 1;
    Files.write(blob, changed);
    assertInvalid("layer 0: its digest is sha256:");
  }

  @Test
  void a_blob_with_more_bytes_than_declared() throws IOException {
    images.layer(Images.GZIP, tar().bytes()).tag("v1");
    Path blob = layerFile();
    byte[] whole = Files.readAllBytes(blob);
    Files.write(blob, Arrays.copyOf(whole, whole.length + 1));
    assertInvalid("layer 0: it has more than the declared");
  }

  @Test
  void a_blob_that_is_missing() throws IOException {
    images.layer(Images.GZIP, tar().bytes()).tag("v1");
    Files.delete(layerFile());
    assertInvalid("layer 0: blob sha256:", "is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[]; it is no JSON object",
        "{\"schemaVersion\":1,\"layers\":[]}; unknown media type",
        "{\"schemaVersion\":2,\"mediaType\":\"text/html\"}; unknown media type \"text/html\"",
        "{\"schemaVersion\":2,\"layers\":7}; layers: expected an array",
        "{\"schemaVersion\":2,\"layers\":[]}; config: it is missing",
        "{\"schemaVersion\":2,\"manifests\":[]}; it has no image for linux/amd64",
        "{\"schemaVersion\":2,\"manifests\":[7]}; manifests[0]: expected an object",
        "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"md5:1\"}]}; unsupported digest"
      })
  void a_manifest_that_is_not_valid(String manifest, String reason) {
    images.document("v1", manifest);
    assertInvalid(reason);
  }

  @Test
  void an_index_without_the_platform_names_those_that_it_has() {
    byte[] arm = images.layer(Images.GZIP, tar().bytes()).manifest();
    images.index("v1", List.of(Images.entry(arm, "arm64", ""), Images.entry(arm, "s390x", "")));
    assertInvalid("no image for linux/amd64, only for: linux/arm64, linux/s390x");
  }

  @Test
  void an_index_in_an_index() {
    byte[] inner = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(StandardCharsets.UTF_8);
    images.blobs().putPart(ImageJson.INDEX, inner);
    images.index("v1", List.of(Images.entry(inner, "amd64", "")));
    assertInvalid("it is an index in an index");
  }

  @Test
  void an_index_whose_manifest_is_missing() {
    byte[] other = "{}".getBytes(StandardCharsets.UTF_8);
    images.index("v1", List.of(Images.entry(other, "amd64", "")));
    assertInvalid("manifest sha256:", "is missing");
  }

  @Test
  void an_index_whose_manifest_was_changed() throws IOException {
    byte[] manifest = images.layer(Images.GZIP, tar().bytes()).manifest();
    images.index("v1", List.of(Images.entry(manifest, "amd64", "")));
    Path blob = blob(Contents.digest(manifest).hex());
    Files.write(blob, Arrays.copyOf(manifest, manifest.length + 1));
    assertInvalid("the digest of the manifest is");
  }

  private static Tars tar() {
    return new Tars().directory("disk").file("disk/disk.qcow2", DISK);
  }

  private Path blob(String hex) {
    return directory.resolve("layout/blobs/sha256").resolve(hex);
  }

  /** The blob of the first layer. */
  private Path layerFile() {
    String manifest =
        new String(images.blobs().manifest("v1").orElseThrow(), StandardCharsets.UTF_8);
    int at = manifest.indexOf("sha256:", manifest.indexOf("\"layers\"")) + 7;
    return blob(manifest.substring(at, at + 64));
  }

  private byte[] onlyLayer(LayoutBlobs blobs) throws IOException {
    assertTrue(blobs.manifest("v1").isPresent());
    return Files.readAllBytes(layerFile());
  }

  private ReceivedImage receive(@Nullable ImageFormat format, long maxBytes) {
    return ContainerDisk.receive(
        images.blobs(),
        "place:v1",
        "v1",
        new Receiving(PLATFORM, format, maxBytes, temporaries),
        Progress.NONE);
  }

  private void assertDisk(ImageFormat format, byte[] content) {
    try (ReceivedImage image = receive(null, LIMIT)) {
      assertEquals(format, image.format());
      assertArrayEquals(content, Disks.bytes(image.file()));
    }
    assertNothingLeft();
  }

  private void assertInvalid(String... reasons) {
    check(InvalidImageException.class, reasons);
  }

  private void assertRefused(String... reasons) {
    check(RefusedException.class, reasons);
  }

  private void check(Class<? extends BaseDiskException> type, String... reasons) {
    String message = assertThrows(type, () -> receive(null, LIMIT).close()).getMessage();
    assertTrue(message.startsWith("place:v1: "), message);
    for (String reason : reasons) {
      assertTrue(message.contains(reason), message);
    }
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertEquals(0, temporaries.toFile().list().length);
  }
}
