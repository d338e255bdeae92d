package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The JSON of commands on boxes, snapshots, clones, bases and rootfs. */
class JsonOfBoxesTest extends GoldenJson {

  @Test
  void boxes() throws IOException {
    rawImage("image.raw", 7);
    step("ls-no-home", "box ls");
    step("create", "box create web-1 --size 10M");
    step("create-exists", "box create web-1 --size 10M");
    step("create-no-size", "box create web-2");
    step("create-bad-size", "box create web-2 --size ten");
    step("create-image", "box create web-2 --image <dir>/image.raw --format raw --size 2M");
    step("create-no-image", "box create web-3 --image <dir>/nothing");
    step("create-raw-as-qcow2", "box create web-3 --image <dir>/image.raw");
    step("show", "box show web-1");
    step("show-missing", "box show nothing");
    prepare("snapshot create web-1 s1");
    step("show-on-base", "box show web-1");
    String base = fork("web-1");
    step("create-base", "box create web-4 --base " + base + " --size 20M");
    step("ls", "box ls");
    step("rm-with-snapshots-refused", "box rm web-1");
    step("rm", "box rm web-4");
    step("rm-with-snapshots", "box rm web-1 --with-snapshots");
    step("rm-missing", "box rm web-1");
    step("misspelt", "box creat web-1");
    step("unknown-option", "box ls --all");
    step("bad-wait", "--wait soon box ls");
  }

  @Test
  void compactions() throws IOException {
    prepare("box create deep --size 1M");
    for (int i = 0; i < 4; i++) {
      fork("deep");
    }
    step("left", "box compact deep");
    step("dry-run", "box compact deep --max-depth 2 --dry-run");
    try (FileChannel vm = vmOn("deep")) {
      step("in-use", "box compact deep --max-depth 2");
      assertTrue(vm.isOpen());
    }
    step("done", "box compact deep --max-depth 2");
    step("missing", "box compact nothing");
  }

  @Test
  void snapshots() throws IOException {
    prepare("box create web-1 --size 1M");
    step("create", "snapshot create web-1 s1");
    step("create-exists", "snapshot create web-1 s1");
    step("create-copy", "snapshot create web-1 s2 --mode copy");
    step("create-no-box", "snapshot create nothing s1");
    step("create-bad-name", "snapshot create web-1 a/b");
    try (FileChannel vm = vmOn("web-1")) {
      step("create-in-use", "snapshot create web-1 s3");
      assertTrue(vm.isOpen());
    }
    step("ls", "snapshot ls web-1");
    fork("web-1");
    step("restore", "snapshot restore web-1 s1");
    step("restore-save-as", "snapshot restore web-1 s2 --save-as s3");
    step("restore-missing", "snapshot restore web-1 nothing");
    step("ls-after-restore", "snapshot ls web-1");
    prepare("clone web-1@s1 web-2");
    step("rm-held", "snapshot rm web-1 s1");
    step("rm", "snapshot rm web-1 s3");
    step("rm-missing", "snapshot rm web-1 s3");
  }

  @Test
  void clones() throws IOException {
    prepare("box create web-1 --size 1M");
    prepare("snapshot create web-1 s1");
    step("box", "clone web-1 web-2 web-3");
    step("snapshot", "clone web-1@s1 web-4");
    step("count", "clone web-1@s1 --count 2 --prefix test-");
    step("exists", "clone web-1 web-5 web-2");
    step("no-box", "clone nothing web-5");
    step("no-snapshot", "clone web-1@nothing web-5");
    step("no-names", "clone web-1");
  }

  @Test
  void bases() throws IOException {
    Files.createDirectory(file("vm7"));
    rawImage("outside.raw", 7);
    prepare("image create <dir>/vm7/disk.qcow2 1M -b <dir>/outside.raw -F raw");
    prepare("box create web-1 --size 1M");
    step("create-snapshot", "base create web-1 --kind snapshot --name s1");
    step("create-clone-base", "base create web-1 --kind clone_base");
    Cli.Result rootfs = step("create-rootfs", "base create web-1 --kind rootfs --name debian");
    String register = "base create vm7 --kind clone_base --disks-dir <dir>/vm7";
    step("create-not-allowed", register);
    step("create-foreign", register + " --allow-backing <dir>/outside.raw");
    step("create-no-box", "base create nothing --kind clone_base");
    step("create-no-kind", "base create web-1");
    step("ls", "base ls");
    step("ls-box", "base ls --box web-1");
    step("ls-kind", "base ls --kind rootfs");
    String id = (String) rootfs.object().get("id");
    step("show", "base show " + id);
    step("show-missing", "base show none0001");
    step("rm-needed", "base rm " + id);
    prepare("box rm web-1 --with-snapshots");
    step("rm", "base rm " + id);
    step("rm-missing", "base rm none0001");
    step("bad-id", "base rm short");
  }

  @Test
  void rootfs_entries() throws IOException {
    rawImage("debian.raw", 1);
    rawImage("alpine.raw", 2);
    step("add", "rootfs add debian <dir>/debian.raw --format raw");
    step("add-again", "rootfs add debian <dir>/debian.raw --format raw");
    step("add-other", "rootfs add alpine <dir>/alpine.raw --format raw");
    step("add-missing", "rootfs add k <dir>/nothing");
    step("box", "box create web-1 --rootfs debian");
    step("box-missing", "box create web-2 --rootfs nothing");
    step("ls", "rootfs ls");
    step("replace", "rootfs add debian <dir>/alpine.raw --format raw");
    step("prune", "rootfs prune --max-bytes 0");
    step("prune-nothing", "rootfs prune --max-bytes 1G");
    prepare("rootfs add alpine <dir>/alpine.raw --format raw");
    prepare("box create web-2 --rootfs alpine");
    step("rm-needed", "rootfs rm alpine");
    prepare("box rm web-2");
    step("rm", "rootfs rm alpine");
    step("rm-missing", "rootfs rm alpine");
  }
}
