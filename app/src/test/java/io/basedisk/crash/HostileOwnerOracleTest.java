package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.doctor.Doctor.Depth;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots.Mode;
import io.basedisk.domain.testing.TestNotes;
import io.basedisk.qcow2.Seed;
import io.basedisk.qcow2.testing.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another user's process swaps links, directories, temporary files and headers of its own box at
 * random, while root runs all operations on that box. No file of another box changes, the attacker
 * can't read any of their bytes, and the home works afterwards.
 *
 * <p>{@code -Dbasedisk.attacked=} sets the number of operations under attack.
 */
@Tag("oracle")
class HostileOwnerOracleTest {

  private static final int OPERATIONS = Integer.getInteger("basedisk.attacked", 600);
  private static final int LOOK_EVERY = 25;
  private static final int NEW_BOX_EVERY = 30;
  private static final String ATTACKER = "65534";
  private static final String VICTIM = "65533";
  private static final String SECRET = "SECRET-OF-ANOTHER-USER";

  @RegisterExtension private final TestNotes notes = new TestNotes();

  @TempDir private Path directory;

  private final Random random = new Random(Seed.VALUE);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private Path top;
  private Path home;
  private BoxId box = BoxId.of("attacker0");
  private Path attackers;
  private int number;

  private Path makeDisk(String name, String owner) {
    Path disks = top.resolve(name).resolve("disks");
    Tool.run("mkdir", "-p", disks);
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", disks.resolve("disk.qcow2"), "2M");
    Tool.run("chmod", "600", disks.resolve("disk.qcow2"));
    Tool.run("chown", "-R", owner + ":" + owner, disks.getParent());
    return disks;
  }

  private void writeSecret(Path disk, String format) throws IOException {
    Path pattern = Files.writeString(top.resolve("pattern"), SECRET.repeat(8000));
    Tool.run("qemu-io", "-f", format, "-c", "write -q -s " + pattern + " 64k 128k", disk);
    Tool.run("rm", pattern);
  }

  @Test
  void nothing_of_another_box_is_changed_or_told() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "not root");
    Tool.assumeInstalled("setpriv", "qemu-img", "qemu-io", "grep");
    notes.add("%d operations, -Dbasedisk.seed=%d", OPERATIONS, Seed.VALUE);
    top = directory.toRealPath();
    home = top.resolve("home");
    Tool.run("chmod", "755", top);
    attackers = makeDisk(box.value(), ATTACKER);
    Path victims = makeDisk("victim", VICTIM).resolve("disk.qcow2");
    writeSecret(victims, "qcow2");
    Path raw = top.resolve("secret.raw");
    Tool.run("truncate", "-s", "2M", raw);
    Tool.run("chmod", "600", raw);
    writeSecret(raw, "raw");
    try (BaseDisks disks = BaseDisks.open(home)) {
      disks.bases().create(box, attackers, BaseDiskKind.CLONE_BASE, null);
      BoxId victim = BoxId.of("victim");
      disks.bases().create(victim, victims.getParent(), BaseDiskKind.CLONE_BASE, null);
      writeSecret(victims, "qcow2");
      disks.snapshots().create(victim, new SnapshotName("daily"));
      disks.clones().cloneBox(box, ImmutableList.of(BoxId.of("neighbour")));
      Path neighbours = disks.home().disksDirectory(BoxId.of("neighbour")).resolve("disk.qcow2");
      Tool.run("chown", VICTIM + ":" + VICTIM, neighbours);
      writeSecret(neighbours, "qcow2");
      List<Path> others = new ArrayList<>(List.of(victims, neighbours, raw));
      for (BaseDisk base :
          disks.bases().list(new BaseFilter(victim, null)).stream().map(b -> b.base()).toList()) {
        others.add(base.diskInfo().basePath());
      }
      attack(disks, others);
      afterwards(disks, others, victim);
    }
  }

  private void attack(BaseDisks disks, List<Path> others) throws Exception {
    try {
      attackInRounds(disks, others);
    } finally {
      outcomes.forEach((what, times) -> notes.add("%6d %s", times, what));
    }
  }

  private void attackInRounds(BaseDisks disks, List<Path> others) throws Exception {
    List<String> before = stateOf(others);
    for (int done = 0; done < OPERATIONS; ) {
      Process attacker = startAttacker(others);
      try {
        for (int i = 0; i < NEW_BOX_EVERY && done < OPERATIONS; i++, done++) {
          operate(disks, done);
          assertEquals(before, stateOf(others), () -> "after " + outcomes);
          if (done % LOOK_EVERY == 0) {
            assertNoSecretIsReadable();
          }
        }
      } finally {
        attacker.getOutputStream().write('\n');
        attacker.getOutputStream().flush();
        notes.add("%s", new String(attacker.getInputStream().readAllBytes(), UTF_8).strip());
        attacker.waitFor();
      }
      assertNoSecretIsReadable();
      giveNewDisk(disks, done);
    }
  }

  /**
   * Removes the attacked box, and gives the attacker a new one. An owner can bring a box into a
   * state in which its operation can't be settled; that box stays.
   */
  private void giveNewDisk(BaseDisks disks, int done) {
    try {
      disks.doctor().repair(Depth.METADATA);
      disks.boxes().remove(box, SnapshotsOnRemoval.REMOVE, ForeignDisks.DELETE);
      count("box removed after a round");
    } catch (BaseDiskException e) {
      count("box not removed after a round: " + shortened(e));
    }
    box = BoxId.of("attacker" + done);
    attackers = makeDisk(box.value(), ATTACKER);
    disks.bases().create(box, attackers, BaseDiskKind.CLONE_BASE, null);
    disks.snapshots().create(box, newName());
  }

  private Process startAttacker(List<Path> others) throws IOException {
    Path classes = top.resolve("classes");
    Path compiled =
        Path.of(HostileOwner.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path into = classes.resolve("io/basedisk/crash");
    Tool.run("mkdir", "-p", into);
    Tool.run(
        "sh",
        "-c",
        "cd \"$0\"/io/basedisk/crash; cp HostileOwner.class HostileOwner\\$*.class \"$1\"",
        compiled,
        into);
    Tool.run("chmod", "-R", "a+rX", classes);
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid",
                ATTACKER,
                "--regid",
                ATTACKER,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes.toString(),
                HostileOwner.class.getName(),
                Long.toString(random.nextLong()),
                attackers.getParent().toString()));
    others.forEach(file -> command.add(file.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8), 1);
    assertEquals("ready", output.readLine());
    return process;
  }

  /** Runs one operation on the attacker's box. It may fail, but only with an error of basedisk. */
  private void operate(BaseDisks disks, int done) {
    String what = "opening";
    try {
      switch (random.nextInt(11)) {
        case 0, 1 -> {
          what = "snapshot";
          disks.snapshots().create(box, newName());
        }
        case 2 -> {
          what = "copy";
          disks.snapshots().create(box, newName(), Mode.COPY, InternalSnapshots.LEAVE_IN_BASE);
        }
        case 3, 4 -> {
          what = "restore";
          disks.snapshots().restore(box, anySnapshot(disks), null);
        }
        case 5, 6 -> {
          what = "compact";
          disks.compactions().compact(box, new MaxDepth(1), Progress.NONE);
        }
        case 7 -> {
          what = "clone";
          BoxId clone = BoxId.of("clone" + done);
          disks.clones().cloneBox(box, ImmutableList.of(clone));
        }
        case 8 -> {
          what = "import";
          BoxId flat = BoxId.of("flat" + done);
          disks
              .boxes()
              .createFromImage(
                  flat, ImageSource.qcow2(attackers.resolve("disk.qcow2")), null, Progress.NONE);
          Tool.run("chown", ATTACKER, disks.home().disksDirectory(flat).resolve("disk.qcow2"));
        }
        case 9 -> {
          what = "snapshot rm";
          disks.snapshots().remove(box, anySnapshot(disks));
        }
        default -> {
          what = "doctor";
          disks.doctor().repair(Depth.METADATA);
        }
      }
      count(what + ": done");
    } catch (BaseDiskException expected) {
      count(what + ": " + shortened(expected));
    }
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private String shortened(BaseDiskException e) {
    return e.getClass().getSimpleName()
        + " "
        + String.valueOf(e.getMessage())
            .replace(top.toString(), "")
            .replaceAll("[0-9]{2,}", "N")
            .replaceAll("/bases/[A-Za-z0-9]{8}", "/bases/ID");
  }

  private SnapshotName newName() {
    number++;
    return new SnapshotName("s" + number);
  }

  private SnapshotName anySnapshot(BaseDisks disks) {
    List<BaseDisk> snapshots =
        disks.snapshots().list(box).stream().map(details -> details.base()).toList();
    return snapshots.isEmpty()
        ? new SnapshotName("none")
        : snapshots.get(random.nextInt(snapshots.size())).snapshotName().orElseThrow();
  }

  /** Returns what must not change of files of other users: owner, mode and content. */
  private List<String> stateOf(List<Path> files) throws IOException {
    List<String> state = new ArrayList<>();
    for (Path file : files) {
      state.add(
          file
              + " "
              + Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)
              + " "
              + Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
              + " "
              + Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS)
              + " "
              + Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
              + " "
              + MoreFiles.asByteSource(file).hash(Hashing.sha256()));
    }
    try (var names = Files.list(files.get(0).getParent())) {
      state.add(names.map(Path::toString).sorted().toList().toString());
    }
    return state;
  }

  /** Searches all files that the attacker can read for the secret. */
  private void assertNoSecretIsReadable() {
    String found =
        Tool.run(
            "sh",
            "-c",
            "find \"$0\" -type f 2>/dev/null | setpriv --reuid "
                + ATTACKER
                + " --regid "
                + ATTACKER
                + " --clear-groups xargs grep -ls "
                + SECRET
                + "; true",
            top);
    assertEquals("", found, () -> "the attacker can read a secret, after " + outcomes);
  }

  private void afterwards(BaseDisks disks, List<Path> others, BoxId victim) throws IOException {
    for (Finding finding : disks.doctor().examine(Depth.METADATA).findings()) {
      notes.add("%s", finding);
      assertTrue(
          others.stream().noneMatch(finding.file()::equals),
          () -> "a finding about another box: " + finding);
    }
    disks.snapshots().create(victim, new SnapshotName("afterwards"));
    disks.clones().cloneBox(BoxId.of("neighbour"), ImmutableList.of(BoxId.of("new")));
    Tool.run("qemu-img", "check", "-q", others.get(0));
    String read = Tool.run("qemu-io", "-r", "-f", "qcow2", "-c", "read -v 64k 64", others.get(1));
    assertTrue(read.contains("SECRET"), read);
  }
}
