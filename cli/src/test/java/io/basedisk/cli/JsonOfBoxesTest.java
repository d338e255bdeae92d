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
    step("resize", "box resize web-2 4M");
    step("resize-less", "box resize web-2 1M");
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
  void pruned_snapshots() throws IOException {
    prepare("box create web-1 --size 1M");
    prepare("snapshot create web-1 s1");
    prepare("snapshot create web-1 s2");
    prepare("snapshot restore web-1 s1");
    prepare("snapshot create web-1 s3");
    prepare("snapshot create web-1 s4");
    step("no-rule", "snapshot prune web-1");
    step("missing", "snapshot prune nothing --keep-last 1");
    step("dry-run", "snapshot prune web-1 --keep-last 2 --dry-run");
    step("done", "snapshot prune web-1 --keep-last 2 --keep-daily 1 --keep-weekly 1");
    step("ls", "snapshot ls web-1");
    step("nothing", "snapshot prune web-1 --keep-last 2");
  }

  @Test
  void renamed_records() throws IOException {
    prepare("box create web-1 --size 1M");
    prepare("snapshot create web-1@s1");
    step("box", "box rename web-1 api-1");
    step("ls", "snapshot ls api-1");
    step("path", "box path api-1");
    step("path-missing", "box path web-1");
    step("box-missing", "box rename web-1 web-2");
    prepare("box create web-1 --size 1M");
    step("new-path", "box path web-1");
    step("box-exists", "box rename web-1 api-1");
    step("snapshot", "snapshot rename api-1 s1 s2");
    step("snapshot-at", "snapshot rename api-1@s2 s3");
    step("snapshot-missing", "snapshot rename api-1 s1 s4");
    prepare("snapshot create api-1 s4");
    step("snapshot-exists", "snapshot rename api-1 s3 s4");
  }

  @Test
  void forgotten_boxes() throws IOException {
    Files.createDirectory(file("vm7"));
    prepare("image create <dir>/vm7/disk.qcow2 1M");
    prepare("box create web-1 --size 1M");
    String register = "base create vm7 --disks-dir <dir>/vm7 --kind ";
    String base = (String) prepare(register + "clone_base").get("id");
    step("rm-foreign", "box rm vm7");
    step("rm-several-foreign", "box rm web-1 vm7");
    step("forget", "box forget vm7");
    step("forget-missing", "box forget vm7");
    step("gc", "gc --explain");
    prepare(register + "snapshot --name s1");
    step("forget-with-snapshot", "box forget vm7");
    step("forget-dropping", "box forget vm7 --drop-snapshots");
    step("forget-without-base", "box forget web-1");
    prepare(register + "clone_base");
    step("rm-deleting", "box rm vm7 --delete-disks");
    step("gc-after", "gc --explain");
    step("base-missing", "base show " + base);
  }

  @Test
  void removals_of_many() throws IOException {
    rawImage("image.raw", 7);
    for (int i = 1; i < 6; i++) {
      prepare("box create web-" + i + " --size 1M");
    }
    fork("web-1");
    fork("web-2");
    step("boxes-missing", "box rm web-1 nothing");
    step("boxes", "box rm web-1 web-2 web-1");
    for (String name : new String[] {"a", "b", "c", "d"}) {
      prepare("snapshot create web-3 " + name);
      prepare("rootfs add " + name + " <dir>/image.raw --format raw");
    }
    prepare("clone web-3@a web-6");
    step("snapshots-missing", "snapshot rm web-3 b nothing");
    step("snapshots", "snapshot rm web-3 a b");
    step("snapshots-at", "snapshot rm web-3@c web-3@d");
    prepare("box create web-7 --rootfs a");
    step("rootfs-needed", "rootfs rm b a");
    step("rootfs", "rootfs rm b c");
    String low = fork("web-4");
    String high = fork("web-4");
    step("bases-needed", "base rm " + low + " " + high);
    prepare("box forget web-4");
    Files.delete(disk("web-4"));
    step("bases", "base rm " + low + " " + high);
  }

  @Test
  void recorded_files() throws IOException {
    prepare("box create web-1 --size 1M");
    String base = fork("web-1");
    Files.createSymbolicLink(file("link"), disk("web-1"));
    Files.createLink(file("other"), baseFile(base));
    Files.createDirectory(file("directory"));
    step("disk", "which <dir>/home/boxes/web-1/disks/disk.qcow2");
    step("link", "which <dir>/link");
    step("base", "which " + baseFile(base));
    step("hard-link", "which <dir>/other");
    step("directory", "which <dir>/directory");
    step("missing", "which <dir>/nothing");
  }

  @Test
  void logs() throws IOException {
    step("no-home", "log");
    prepare("home init");
    step("empty", "log");
    prepare("box create web-1 --size 1M");
    prepare("snapshot create web-1 clean");
    prepare("clone web-1@clean web-2 web-3");
    prepare("box rename web-3 web-4");
    prepare("box rm web-2");
    prepare("snapshot rm web-1 clean");
    step("all", "log");
    step("of-a-box", "log web-4");
    step("of-a-removed-box", "log web-2");
    step("newest", "log -n 1");
    step("misspelt", "log web-9");
    step("bad-number", "log -n 0");
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
