package io.basedisk.oci.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.oci.tar.Tars;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that could do harm: each is refused with its reason, and nothing is left. */
class HostileContainerDiskTest extends ContainerDiskFixture {

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
}
