package io.basedisk.cli;

import static com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The JSON of commands on a home as a whole. */
class JsonOfHomesTest extends GoldenJson {

  private static final Pattern SETTLE = Pattern.compile("doctor --settle [0-9]+ --keep-disk");

  @Test
  void homes() throws IOException {
    step("show-no-home", "home show");
    step("init", "home init");
    step("init-again", "home init");
    step("show", "home show");
    prepare("box create golden --size 1M");
    prepare("snapshot create golden s1");
    step("show-with-box", "home show");
    Files.createDirectory(file("vm"));
    prepare("image create <dir>/vm/disk.qcow2 1M");
    prepare("base create vm --kind clone_base --disks-dir <dir>/vm");

    Tool.run("cp", "-a", home(), file("copy"));
    step("show-copy", "--home <dir>/copy home show");
    step("ls-in-copy", "--home <dir>/copy box ls");
    step("relocate-unconfirmed", "--home <dir>/copy home relocate");
    step("relocate-copy-dry-run", "--home <dir>/copy home relocate --dry-run");
    step("relocate-copy", "--home <dir>/copy home relocate --yes");
    step("relocate-nothing", "--home <dir>/copy home relocate");

    Files.move(home(), file("moved"));
    step("relocate-moved", "--home <dir>/moved home relocate --yes");
    step("relocate-both", "--home <dir>/moved home relocate --moved --copy");
  }

  /** Only one base at a time, because gc sorts by random ids. */
  @Test
  void collections() throws IOException {
    prepare("box create web-1 --size 1M");
    String base = fork("web-1");
    step("nothing", "gc");
    step("explain", "gc --dry-run --explain");
    Files.copy(baseFile(base), baseFile("orphan01"));
    step("orphan", "gc");
    step("orphan-too-new", "gc --discard-orphans");
    step("discard-dry-run", "gc --discard-orphans --orphan-grace 0 --dry-run");
    step("discard", "gc --discard-orphans --orphan-grace 0");
    try (FileChannel reader = FileChannel.open(baseFile(base), StandardOpenOption.READ)) {
      step("rm-in-use", "box rm web-1");
      step("explain-in-use", "gc --explain");
      assertTrue(reader.isOpen());
    }
    step("explain-empty", "gc --explain");
    step("bad-grace", "gc --orphan-grace 1m");
  }

  @Test
  void collections_that_compact() throws IOException {
    for (String box : List.of("deep", "used")) {
      prepare("box create " + box + " --size 1M");
      for (int i = 0; i < 3; i++) {
        fork(box);
      }
    }
    try (FileChannel vm = vmOn("used")) {
      step("dry-run", "gc --compact --max-depth 2 --dry-run");
      step("done", "gc --compact --max-depth 2");
      assertTrue(vm.isOpen());
    }
    step("no-compact", "gc --max-depth 2");
  }

  @Test
  void lineage_and_space() throws IOException {
    step("tree-no-home", "tree");
    step("du-no-home", "du");
    prepare("home init");
    step("tree-empty", "tree");
    step("du-empty", "du");
    prepare("box create web-1 --size 1M");
    prepare("snapshot create web-1 s1");
    prepare("clone web-1 web-2");
    prepare("clone web-1@s1 web-3");
    fork("web-2");
    fork("web-2");
    prepare("box create alone --size 1M");
    step("tree", "tree");
    step("tree-box", "tree web-3");
    step("tree-alone", "tree alone");
    step("tree-missing", "tree nothing");
    step("tree-bad-format", "tree --format pdf");
    step("du", "du");
    step("du-box", "du web-3");
    step("du-missing", "du nothing");
  }

  @Test
  void findings() throws IOException {
    prepare("box create web-1 --size 1M");
    String snapshot = (String) prepare("snapshot create web-1 s1").get("id");
    step("in-order", "doctor");
    Files.setPosixFilePermissions(baseFile(snapshot), PosixFilePermissions.fromString("rw-r--r--"));
    step("permissions", "doctor");
    step("permissions-repair", "doctor --repair");
    Files.copy(baseFile(snapshot), baseFile("orphan01"));
    step("orphan", "doctor --repair");
    Files.delete(baseFile("orphan01"));
    Files.setLastModifiedTime(baseFile(snapshot), FileTime.fromMillis(1));
    step("changed", "doctor --repair");
    step("clone-of-changed", "clone web-1@s1 web-2");
    step("accept-changed-alone", "doctor --accept-changed " + snapshot);
    step("accept-changed", "doctor --repair --accept-changed " + snapshot);
    step("deep", "doctor --deep");
    Files.setLastModifiedTime(baseFile(snapshot), FileTime.fromMillis(2));
    step("time-deep", "doctor --deep");
    step("time-deep-repair", "doctor --deep --repair");
    fork("web-1");
    Files.move(baseFile(snapshot), file("away"));
    step("missing-base", "doctor --repair");
  }

  @Test
  void settled_operations() throws IOException {
    prepare("box create web-1 --size 1M");
    Path disk = disk("web-1");
    Path backup = file("backup.qcow2");
    Files.copy(disk, backup);
    KilledOperation.run(
        home(),
        "rename",
        disks -> disks.bases().create(BoxId.of("web-1"), BaseDiskKind.CLONE_BASE, null));
    Files.delete(disk);
    Files.copy(backup, disk);
    Matcher settle = SETTLE.matcher(step("findings", "doctor").out());
    assertTrue(settle.find(), "what settles it");
    step("box-is-busy", "snapshot create web-1 s1");
    step("settle", settle.group());
    step("settle-again", settle.group());
    step("settle-no-number", "doctor --settle x --keep-disk");
  }

  @Test
  void rebuilt_stores() throws IOException {
    prepare("box create golden --size 1M");
    prepare("snapshot create golden s1");
    prepare("clone golden@s1 web-1");
    step("refused", "doctor --rebuild");
    Path database = home().resolve("db/basedisk.db");
    Files.delete(database);
    step("lost", "box ls");
    step("show-lost", "home show");
    step("dry-run", "doctor --rebuild --dry-run");
    step("done", "doctor --rebuild");
    step("ls-after", "base ls");
    Files.writeString(database, "no database");
    Files.deleteIfExists(home().resolve("db/basedisk.db-wal"));
    Files.createDirectories(home().resolve("boxes/not a box/disks"));
    step("left-out", "doctor --rebuild");
    step("with-repair", "doctor --rebuild --repair");
  }

  @Test
  void holds() throws IOException {
    prepare("box create web-1 --size 1M");
    fork("web-1");
    MoreFiles.deleteRecursively(home().resolve("boxes/web-1"), ALLOW_INSECURE);
    MoreFiles.deleteRecursively(home().resolve("db"), ALLOW_INSECURE);
    step("rebuild", "doctor --rebuild");
    step("explain", "gc --explain");
    step("release-dry-run", "gc --release-holds --dry-run");
    step("release", "gc --release-holds");
  }

  @Test
  void demonstration() throws IOException {
    step("demo", "demo");
    step("no-image", "demo <dir>/nothing");
  }
}
