package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * What commands print for people equals the committed files in {@code golden/text} and {@code
 * golden/error}. Each test is a scenario whose steps depend on earlier steps.
 */
class TextOfCommandsTest {

  /**
   * What the demonstration prints depends on whether qemu-img is installed. What the others print
   * is made from the help pages, which have files.
   */
  private static final ImmutableSet<String> WITHOUT_FILE =
      ImmutableSet.of("demo", "help", "completion");

  @TempDir private Path temporary;
  private Path directory;
  private TextScenario scenario;

  @BeforeEach
  void start_in_an_empty_directory(TestInfo test) throws IOException {
    directory = temporary.toRealPath();
    scenario = new TextScenario(test.getTestMethod().orElseThrow().getName(), directory);
  }

  @AfterEach
  void compare_with_the_files() throws IOException {
    scenario.check();
  }

  @Test
  void boxes() throws IOException {
    scenario.step("ls-no-home", "box ls");
    scenario.step("create", "box create web-1 --size 10M");
    scenario.step("create-exists", "box create web-1 --size 10M");
    scenario.step("create-no-size", "box create web-2");
    scenario.step("create-bad-size", "box create web-2 --size ten");
    scenario.step("create-bad-name", "box create -x- --size 1M");
    scenario.step("create-unknown-option", "box create -x");
    scenario.step("create-misspelt-option", "box create web-2 --sise 10M");
    scenario.step("create-no-image", "box create web-3 --image <dir>/nothing");
    scenario.step("create-no-base", "box create web-3 --base none0001");
    scenario.step("create-no-rootfs", "box create web-3 --rootfs debian");
    scenario.step("ls-one", "box ls");
    scenario.prepare("snapshot create web-1 clean");
    scenario.prepare("clone web-1@clean web-2");
    scenario.prepare("box create a-box-with-a-name-that-is-longer-than-most --size 3G");
    scenario.step("ls", "box ls");
    scenario.step("show", "box show web-1");
    scenario.step("path", "box path web-1");
    scenario.step("path-misspelt", "box path wbe-1");
    scenario.step("which", "which <dir>/home/boxes/web-1/disks/disk.qcow2");
    scenario.step("which-none", "which <dir>/nothing");
    scenario.step("rename", "box rename web-2 api-1");
    scenario.step("rename-taken", "box rename api-1 web-1");
    scenario.prepare("box rename api-1 web-2");
    scenario.step("show-misspelt", "box show wbe-1");
    scenario.step("show-missing", "box show nothing");
    scenario.step("resize", "box resize web-1 20M");
    scenario.step("resize-less", "box resize web-1 1M");
    scenario.step("resize-misspelt", "box resize wbe-1 20M");
    scenario.step("compact", "box compact web-1");
    scenario.step("compact-missing", "box compact web");
    try (FileChannel vm = vmOn("web-2")) {
      scenario.step("rm-in-use", "box rm web-2");
      assertTrue(vm.isOpen());
    }
    scenario.step("rm-with-snapshots-refused", "box rm web-1");
    scenario.stepWithoutSizes("rm", "box rm web-1 --with-snapshots");
    scenario.step("rm-missing", "box rm web-1");
    scenario.step("forget", "box forget web-2");
    scenario.step("forget-missing", "box forget web-2");
    scenario.step("misspelt", "box creat web-1");
    scenario.step("misspelt-group", "bix ls");
    scenario.step("without-group", "compact web-1");
    scenario.step("without-command", "box");
    scenario.step("bad-wait", "--wait soon box ls");
    scenario.step("bad-color", "--color blue box ls");
    scenario.step("unexpected", "box ls web-1");
  }

  @Test
  void transfers() throws IOException {
    scenario.prepare("box create web-1 --size 1M");
    scenario.prepare("snapshot create web-1 clean");
    scenario.step("export", "export web-1@clean <dir>/clean.tar");
    scenario.step("export-exists", "export web-1@clean <dir>/clean.tar");
    scenario.step("export-misspelt", "export wbe-1 <dir>/new.tar");
    scenario.step("export-no-directory", "export web-1 <dir>/nothing/new.tar");
    scenario.step("export-into-home", "export web-1 <dir>/home/bases/new.tar");
    scenario.step("export-bad-platform", "export web-1 <dir>/new.tar --platform amd64");
    scenario.step("export-mode-of-snapshot", "export web-1@clean <dir>/new.tar --mode copy");
    scenario.stepOnTerminal("export-to-terminal", 80, false, "export web-1 -");
    try (FileChannel vm = vmOn("web-1")) {
      scenario.prepare("export web-1@clean <dir>/while-it-runs.tar");
      assertTrue(vm.isOpen());
    }
    scenario.step("import", "import <dir>/clean.tar web-2");
    scenario.step("import-exists", "import <dir>/clean.tar web-2");
    scenario.step("import-missing", "import <dir>/nothing.tar web-3");
    scenario.step("import-nothing", "import - web-3");
    scenario.step("push", "push web-1 oci:<dir>/layout:v1");
    scenario.step("push-again", "push web-1 oci:<dir>/layout:v2");
    scenario.step("push-no-layout", "push web-1 oci:<dir>");
    scenario.step("push-bad-reference", "push web-1 web");
    scenario.step("push-digest", "push web-1 oci:<dir>/layout@sha256:" + "0".repeat(64));
    scenario.step("push-plain-layout", "push web-1 oci:<dir>/layout --plain-http");
    scenario.step("pull", "pull oci:<dir>/layout:v1 web-3");
    scenario.step("pull-missing", "pull oci:<dir>/layout:v3 web-4");
    scenario.step("pull-no-layout", "pull oci:<dir>/nothing web-4");
    scenario.prepare("box rm web-1 web-2 web-3 --with-snapshots");
    scenario.step("pull-limit", "pull oci:<dir>/layout:v1 web-4 --max-bytes 1K");
    scenario.step("pull-new", "pull oci:<dir>/layout:v1 web-4");
  }

  @Test
  void snapshots() throws IOException {
    scenario.prepare("box create web-1 --size 1M");
    scenario.step("create", "snapshot create web-1 before-upgrade");
    scenario.step("create-exists", "snapshot create web-1 before-upgrade");
    scenario.step("create-bad-name", "snapshot create web-1 a/b");
    scenario.step("create-bad-mode", "snapshot create web-1 s --mode magic");
    scenario.step("ls", "snapshot ls web-1");
    scenario.stepOnTerminal("ls-40", 40, false, "snapshot ls web-1");
    scenario.step("ls-misspelt", "snapshot ls web1");
    scenario.step("rename", "snapshot rename web-1 before-upgrade clean");
    scenario.step("rename-misspelt", "snapshot rename web-1 claen clear");
    scenario.prepare("snapshot rename web-1 clean before-upgrade");
    scenario.step("restore-misspelt", "snapshot restore web-1 before-upgarde");
    scenario.step("restore-beginning", "snapshot restore web-1 before");
    scenario.step("restore", "snapshot restore web-1 before-upgrade");
    scenario.step("clone", "clone web-1@before-upgrade web-2 web-3");
    scenario.step("clone-misspelt", "clone web-1@before-upgrad web-4");
    scenario.step("clone-twice", "clone web-1 web-4 web-5 web-4");
    scenario.step("clone-exists", "clone web-1 web-2");
    scenario.step("clone-no-names", "clone web-1");
    scenario.stepWithoutSizes("rm", "snapshot rm web-1 before-upgrade");
    scenario.step("rm-missing", "snapshot rm web-1 before-upgrade");
  }

  @Test
  void logs() throws IOException {
    scenario.step("no-home", "log");
    scenario.prepare("home init");
    scenario.step("empty", "log");
    scenario.prepare("box create web-1 --size 1M");
    scenario.prepare("snapshot create web-1 clean");
    scenario.prepare("clone web-1@clean web-2 web-3 a-box-with-a-name-that-is-longer-than-most");
    scenario.prepare("box rename web-3 web-4");
    scenario.prepare("box rm web-2");
    scenario.prepare("snapshot rm web-1 clean");
    scenario.step("all", "log");
    scenario.stepOnTerminal("all-80", 80, false, "log");
    scenario.step("of-a-box", "log web-4");
    scenario.step("of-a-removed-box", "log web-2 --limit 1");
    scenario.step("misspelt", "log wbe-1");
    scenario.step("bad-number", "log -n few");
    scenario.step("bad-option", "log --folow");
  }

  @Test
  void pruned_snapshots() throws IOException {
    scenario.prepare("box create web-1 --size 1M");
    for (String name : List.of("monday", "tuesday", "wednesday", "thursday")) {
      scenario.prepare("snapshot create web-1 " + name);
    }
    scenario.step("no-rule", "snapshot prune web-1");
    scenario.step("no-number", "snapshot prune web-1 --keep-last few");
    scenario.step("none", "snapshot prune web-1 --keep-last 0");
    scenario.step("box-misspelt", "snapshot prune wbe-1 --keep-last 1");
    scenario.step("dry-run", "snapshot prune web-1 --keep-last 2 --keep-daily 1 --dry-run");
    scenario.step("done", "snapshot prune web-1 --keep-last 2 --keep-daily 1 --keep-weekly 1");
    scenario.step("nothing", "snapshot prune web-1 --keep-last 2");
    scenario.step("nothing-dry-run", "snapshot prune web-1 --keep-last 2 --dry-run");
    scenario.prepare("box create web-2 --size 1M");
    scenario.step("no-snapshots", "snapshot prune web-2 --keep-last 2");
  }

  @Test
  void bases() throws IOException {
    scenario.prepare("box create web-1 --size 1M");
    scenario.step("create", "base create web-1 --kind clone_base");
    scenario.step("create-bad-kind", "base create web-1 --kind snapshto");
    scenario.step("create-missing", "base create");
    scenario.step("ls", "base ls");
    scenario.stepOnTerminal("ls-40", 40, false, "base ls");
    scenario.stepOnTerminal("ls-80", 80, false, "base ls");
    scenario.stepOnTerminal("ls-200-colored", 200, true, "base ls");
    scenario.step("ls-none", "base ls --kind rootfs");
    scenario.step("show", "base show BASE0001");
    scenario.step("show-missing", "base show none0001");
    scenario.step("show-bad-id", "base show none");
    scenario.step("rm-needed", "base rm BASE0001");
    scenario.stepWithoutSizes("tree", "tree");
    scenario.step("tree-misspelt", "tree web1");
    scenario.step("tree-bad-format", "tree --format pdf");
    scenario.stepWithoutSizes("du", "du");
    scenario.step("du-misspelt", "du web1");
    scenario.step("gc-explain", "gc --dry-run --explain");
    scenario.step("gc-max-depth-alone", "gc --max-depth 4");
    scenario.step("gc-bad-grace", "gc --discard-orphans --orphan-grace soon");
    scenario.step("doctor", "doctor");
    scenario.step("doctor-settle-nothing", "doctor --settle 99 --keep-disk");
    scenario.step("doctor-accept-missing", "doctor --repair --accept-changed none0001");
    scenario.step("doctor-two-repairs", "doctor --rebuild --repair");
    Files.delete(directory.resolve("home/boxes/web-1/disks/disk.qcow2"));
    scenario.step("doctor-finds", "doctor");
    scenario.step("disk-missing", "snapshot create web-1 s");
  }

  @Test
  void unused_bases() throws IOException {
    scenario.prepare("box create web-1 --size 1M");
    scenario.prepare("snapshot create web-1 s1");
    scenario.prepare("snapshot create web-1 s2");
    scenario.prepare("box rm web-1 --with-snapshots");
    scenario.prepare("box create web-2 --size 1M");
    scenario.prepare("base create web-2 --kind snapshot --name s1");
    scenario.prepare("snapshot restore web-2 s1");
    scenario.stepWithoutSizes("gc", "gc");
    scenario.prepare("base create web-2 --kind rootfs --name debian");
    scenario.prepare("box rm web-2 --with-snapshots");
    scenario.stepWithoutSizes("base-rm", "base rm BASE0004");
  }

  @Test
  void rootfs_entries() throws IOException {
    rawImage("debian.raw");
    scenario.step("ls-none", "home init");
    scenario.step("add", "rootfs add debian-12 <dir>/debian.raw --format raw");
    scenario.step("add-missing", "rootfs add debian <dir>/nothing");
    scenario.step("add-not-qcow2", "rootfs add debian <dir>/debian.raw");
    scenario.step("ls", "rootfs ls");
    scenario.stepOnTerminal("ls-40", 40, false, "rootfs ls");
    scenario.step("box-misspelt", "box create web-1 --rootfs debain-12");
    scenario.prepare("box create web-1 --rootfs debian-12");
    scenario.step("rm-needed", "rootfs rm debian-12");
    scenario.step("rm-misspelt", "rootfs rm debian");
    scenario.step("prune-nothing", "rootfs prune --max-bytes 1G");
    scenario.prepare("box rm web-1");
    scenario.stepWithoutSizes("prune", "rootfs prune --max-bytes 0");
    scenario.prepare("rootfs add debian-12 <dir>/debian.raw --format raw");
    scenario.stepWithoutSizes("rm", "rootfs rm debian-12");
    scenario.step("prune-no-size", "rootfs prune");
  }

  @Test
  void homes() throws IOException {
    scenario.step("show-none", "home show");
    scenario.step("init", "home init");
    scenario.step("init-again", "home init");
    scenario.step("show", "home show");
    scenario.step("relocate-nothing", "home relocate");
    scenario.step("relocate-both", "home relocate --moved --copy");
    scenario.step("rebuild-nothing", "doctor --rebuild");
  }

  @Test
  void images() throws IOException {
    rawImage("disk.raw");
    scenario.stepWithoutSizes("create", "image create <dir>/a.qcow2 1M");
    scenario.step("create-exists", "image create <dir>/a.qcow2 1M");
    scenario.step("create-bad-size", "image create <dir>/b.qcow2 much");
    scenario.step("create-no-format", "image create <dir>/b.qcow2 1M -b <dir>/a.qcow2");
    scenario.stepWithoutSizes("info", "image info <dir>/a.qcow2");
    scenario.step("info-missing", "image info <dir>/nothing");
    scenario.step("check", "image check <dir>/a.qcow2");
    scenario.step("check-raw", "image check <dir>/disk.raw");
    scenario.step("map", "image map <dir>/a.qcow2");
    scenario.step("compare", "image compare <dir>/a.qcow2 <dir>/a.qcow2");
    scenario.step("measure", "image measure <dir>/a.qcow2");
    scenario.stepWithoutSizes("convert", "image convert <dir>/disk.raw <dir>/c.qcow2 --format raw");
    scenario.step("convert-exists", "image convert <dir>/a.qcow2 <dir>/c.qcow2");
    scenario.step("convert-over-itself", "image convert <dir>/a.qcow2 <dir>/a.qcow2 --overwrite");
    scenario.stepWithoutSizes(
        "convert-over", "image convert <dir>/disk.raw <dir>/c.qcow2 --format raw --overwrite");
    scenario.step("convert-level-alone", "image convert <dir>/a.qcow2 <dir>/d.qcow2 --level 3");
    scenario.prepare("image create <dir>/top.qcow2 1M -b <dir>/a.qcow2 -F qcow2");
    scenario.step("read-not-allowed", "image read <dir>/top.qcow2 0 1");
    scenario.step("read-beyond", "image read <dir>/a.qcow2 1M 1");
    scenario.step("read", "image read <dir>/disk.raw 0 4 --format raw");
    scenario.step("rebase", "image rebase -u <dir>/top.qcow2 -b <dir>/c.qcow2 -F qcow2");
    scenario.step("rebase-no-backing", "image rebase <dir>/top.qcow2");
    scenario.stepWithoutSizes("resize", "image resize <dir>/a.qcow2 2M");
    scenario.step("resize-less", "image resize <dir>/a.qcow2 1M");
  }

  @Test
  void adoptions() throws IOException {
    Files.createDirectories(directory.resolve("tree"));
    scenario.prepare("image create <dir>/tree/debian.qcow2 1M");
    scenario.prepare("image create <dir>/tree/web.qcow2 1M -b <dir>/tree/debian.qcow2 -F qcow2");
    Files.writeString(directory.resolve("tree/notes.txt"), "notes");
    scenario.step("without-terminal", "adopt <dir>/tree");
    scenario.step("done", "adopt <dir>/tree --yes");
    scenario.step("missing-directory", "adopt <dir>/gone --yes");
    BoxLiteHome boxLite = BoxLiteHome.at(directory.resolve("boxlite"));
    scenario.prepare("image create <dir>/boxlite/base.qcow2 1M");
    scenario.prepare(
        "image create <dir>/boxlite/disk.qcow2 1M -b <dir>/boxlite/base.qcow2 -F qcow2");
    Files.createDirectories(boxLite.file("boxes/aaa/disks"));
    Files.move(boxLite.file("disk.qcow2"), boxLite.file(BoxLiteHome.disk("aaa")));
    boxLite
        .base("base0001", "aaa", "clean install", "snapshot", "base.qcow2")
        .box("aaa", "my/vm", boxLite.file("boxes/aaa").toString(), "running")
        .box("bbb", "gone");
    scenario.step("boxlite", "adopt --boxlite <dir>/boxlite --yes");
    scenario.step("boxlite-none", "adopt --boxlite <dir>/tree --yes");
    scenario.step("boxlite-and-format", "adopt --boxlite <dir>/boxlite --format raw");
  }

  @Test
  void every_command_has_a_file() throws IOException {
    assumeFalse(GoldenFiles.areWritten(), "the files may not be written yet");
    List<String> commands = new ArrayList<>();
    try (Stream<Path> files = Files.walk(TextScenario.FILES.resolve("text"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        commands.add(Files.readAllLines(file).get(0) + " ");
      }
    }
    for (NamedCommand group : Commands.NAMES) {
      List<String> words = group.nested().isEmpty() ? List.of("") : group.nested();
      for (String word : words) {
        String command = (group.name() + " " + word).trim();
        assertTrue(
            WITHOUT_FILE.contains(command)
                || commands.stream()
                    .anyMatch(line -> line.startsWith("$ basedisk " + command + " ")),
            command);
      }
    }
  }

  private FileChannel vmOn(String box) throws IOException {
    return FileChannel.open(
        directory.resolve("home/boxes/" + box + "/disks/disk.qcow2"),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  /** Makes a raw image of 1 MiB. It has no zeros, which some file systems store as a hole. */
  private void rawImage(String name) throws IOException {
    byte[] content = new byte[1 << 20];
    Arrays.fill(content, (byte) 'x');
    Files.write(directory.resolve(name), content);
  }
}
