package io.basedisk.cli;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The JSON of adoptions. Each tree has at most one new base, because ids are random. */
class JsonOfAdoptionsTest extends GoldenJson {

  @Test
  void adoptions() throws IOException {
    Files.createDirectories(file("tree/vm7"));
    prepare("image create <dir>/tree/base.qcow2 1M");
    prepare("image create <dir>/tree/web.qcow2 1M -b <dir>/tree/base.qcow2 -F qcow2");
    prepare("image create <dir>/tree/vm7/disk.qcow2 1M");
    Files.writeString(file("tree/notes.txt"), "not an image");
    step("dry-run", "adopt <dir>/tree --dry-run");
    step("dry-run-makes-no-home", "box ls");
    step("unconfirmed", "adopt <dir>/tree");
    step("done", "adopt <dir>/tree --yes");
    step("ls-after", "box ls");
    step("doctor-after", "doctor");
    step("again", "adopt <dir>/tree --yes");

    Files.createDirectories(file("more"));
    prepare("image create <dir>/golden.qcow2 1M");
    prepare("image create <dir>/more/db.qcow2 1M -b <dir>/golden.qcow2 -F qcow2");
    step("outside", "adopt <dir>/more --dry-run");
    step(
        "into-home-dry-run",
        "adopt <dir>/more --allow-backing <dir>/golden.qcow2 --into-home --dry-run");
    step("into-home", "adopt <dir>/more --allow-backing <dir>/golden.qcow2 --into-home --yes");
    step("missing-directory", "adopt <dir>/gone --dry-run");
    step("bad-format", "adopt <dir>/more --format vmdk");
    step("in-the-home", "adopt <dir>/home/boxes --dry-run");
  }

  @Test
  void adoptions_of_boxlite() throws IOException {
    BoxLiteHome boxLite = BoxLiteHome.at(file("boxlite"));
    prepare("image create <dir>/boxlite/base.qcow2 1M");
    prepare("image create <dir>/boxlite/disk.qcow2 1M -b <dir>/boxlite/base.qcow2 -F qcow2");
    Files.createDirectories(boxLite.file("boxes/aaa/disks"));
    Files.move(boxLite.file("disk.qcow2"), boxLite.file(BoxLiteHome.disk("aaa")));
    boxLite
        .base("base0001", "aaa", "clean", "snapshot", "base.qcow2")
        .box("aaa", "my/vm", boxLite.file("boxes/aaa").toString(), "running")
        .box("bbb", "gone");
    step("dry-run", "adopt --boxlite <dir>/boxlite --dry-run");
    step("dry-run-makes-no-home", "box ls");
    step("unconfirmed", "adopt --boxlite <dir>/boxlite");
    step("done", "adopt --boxlite <dir>/boxlite --yes");
    step("ls-after", "box ls");
    step("doctor-after", "doctor");
    step("no-home-of-boxlite", "adopt --boxlite <dir>/home --dry-run");
    step("and-into-home", "adopt --boxlite <dir>/boxlite --into-home");
    boxLite.sql("UPDATE schema_version SET version = 6");
    step("old-version", "adopt --boxlite <dir>/boxlite --yes");
  }
}
