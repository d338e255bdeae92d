package io.basedisk.cli;

import io.basedisk.qcow2.testing.Images;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JSON of commands on image files. */
class JsonOfImagesTest extends GoldenJson {

  @Test
  void images() throws IOException {
    rawImage("image.raw", 7);
    rawImage("other.raw", 8);
    step("create", "image create <dir>/disk.qcow2 10M");
    step("create-exists", "image create <dir>/disk.qcow2 10M");
    step("create-overlay", "image create <dir>/overlay.qcow2 2M -b <dir>/image.raw -F raw");
    step("create-no-format", "image create <dir>/other.qcow2 2M -b <dir>/image.raw");
    step("info", "image info <dir>/disk.qcow2");
    for (String golden :
        List.of("bitmaps", "snapshots", "extended", "zstd", "v2-512", "external")) {
      Images.golden(golden + ".qcow2", directory());
      step("info-" + golden, "image info <dir>/" + golden + ".qcow2");
    }
    step("info-missing", "image info <dir>/nothing");
    step("info-raw", "image info <dir>/image.raw");
    step("info-format-raw", "image info -f raw <dir>/image.raw");
    String allow = " --allow-backing <dir>/image.raw";
    step("info-chain", "image info --backing-chain <dir>/overlay.qcow2" + allow);
    step("info-chain-not-allowed", "image info --backing-chain <dir>/overlay.qcow2");
    step("map", "image map <dir>/overlay.qcow2" + allow);
    step("map-not-allowed", "image map <dir>/overlay.qcow2");
    step("map-zstd", "image map <dir>/zstd.qcow2");
    step("measure-raw", "image measure <dir>/overlay.qcow2" + allow);
    step("measure-qcow2", "image measure <dir>/overlay.qcow2 -O qcow2" + allow);
    step("measure-bitmaps", "image measure <dir>/bitmaps.qcow2 -O qcow2");
    step("convert", "image convert <dir>/overlay.qcow2 <dir>/flat.qcow2" + allow);
    step("convert-raw", "image convert <dir>/flat.qcow2 <dir>/flat.raw -O raw");
    step("convert-zstd", "image convert <dir>/flat.qcow2 <dir>/small.qcow2 -c zstd");
    step("convert-exists", "image convert <dir>/flat.qcow2 <dir>/flat.raw -O raw");
    step("convert-over", "image convert <dir>/flat.qcow2 <dir>/flat.raw -O raw --overwrite");
    step("convert-over-itself", "image convert <dir>/flat.qcow2 <dir>/flat.qcow2 --overwrite");
    step("compare", "image compare <dir>/flat.qcow2 <dir>/flat.raw -F raw");
    step("compare-differs", "image compare -f raw <dir>/image.raw -F raw <dir>/other.raw");
    step("rebase", "image rebase <dir>/overlay.qcow2 -b <dir>/other.raw -F raw" + allow);
    step("rebase-name", "image rebase -u <dir>/overlay.qcow2 -b away.raw -F raw");
    step("resize", "image resize <dir>/disk.qcow2 20G");
    step("resize-more", "image resize <dir>/disk.qcow2 +1G");
    step("resize-less", "image resize <dir>/disk.qcow2 1M");
    step("read", "image read <dir>/flat.qcow2 0 512");
  }

  @Test
  void checked_images() throws IOException {
    prepare("image create <dir>/disk.qcow2 10M");
    step("clean", "image check <dir>/disk.qcow2");
    Images.golden("snapshots.qcow2", directory());
    step("snapshots", "image check <dir>/snapshots.qcow2");
    leakCluster(file("disk.qcow2"));
    step("leak", "image check <dir>/disk.qcow2");
    step("leak-repair", "image check <dir>/disk.qcow2 --repair leaks");
    uncountHeader(file("disk.qcow2"));
    step("corrupt", "image check <dir>/disk.qcow2");
    step("missing", "image check <dir>/nothing");
    prepare("box create web-1 --size 1M");
    step("managed", "image check <dir>/home/boxes/web-1/disks/disk.qcow2 --repair all");
  }

  /** Adds a leaked cluster to a new image. */
  private static void leakCluster(Path disk) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(8 << 16);
      file.seek((2 << 16) + 2 * 6);
      file.writeShort(1);
    }
  }

  /** Makes the refcount of the first cluster, the header's, zero. */
  private static void uncountHeader(Path disk) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(2 << 16);
      file.writeShort(0);
    }
  }
}
