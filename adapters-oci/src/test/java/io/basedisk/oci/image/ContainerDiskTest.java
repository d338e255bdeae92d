package io.basedisk.oci.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.layout.LayoutBlobs;
import io.basedisk.oci.tar.Tars;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** containerDisks of several makers, and hostile ones. */
class ContainerDiskTest extends ContainerDiskFixture {

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

  /** The first ends where the decoder's buffer ends, so that it has to ask for the second. */
  @Test
  void several_gzip_members_are_one_layer() {
    byte[] disk = new byte[200_000];
    new Random(8).nextBytes(disk);
    System.arraycopy(DISK, 0, disk, 0, 16); // The magic.
    byte[] tar = new Tars().file("disk/disk.qcow2", disk).bytes();
    int split = 65_000;
    while (Images.gzip(Arrays.copyOf(tar, split)).length < 64 << 10) {
      split++;
    }
    byte[] one = Images.gzip(Arrays.copyOf(tar, split));
    assertEquals(64 << 10, one.length);
    byte[] two = Images.gzip(Arrays.copyOfRange(tar, split, tar.length));
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    images.layer(Images.GZIP, both, Contents.digest(tar).toString()).tag("v1");
    assertDisk(ImageFormat.QCOW2, disk);
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
}
