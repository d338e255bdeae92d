package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The findings and repairs of doctor after accidents, on real files. */
final class DoctorAccidentsTest {

  private static final Instant BEYOND_2262 = Instant.parse("2300-06-01T12:00:00.123456789Z");

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;
  private Path base;
  private Path disk;

  @BeforeEach
  void aBoxWithASnapshot() throws IOException {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    cli.json("box", "create", "web", "--size", "1M");
    base = Path.of((String) cli.json("snapshot", "create", "web", "daily").get("base_path"));
    disk = cli.home().resolve("boxes/web/disks/disk.qcow2");
  }

  private List<Map<String, Object>> findings(String... options) throws IOException {
    String[] command = new String[options.length + 2];
    command[0] = "--json";
    command[1] = "doctor";
    System.arraycopy(options, 0, command, 2, options.length);
    Cli.Result result = cli.run(command);
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> findings =
        (List<Map<String, Object>>) JSON.std.mapFrom(result.out()).get("findings");
    assertEquals(findings.isEmpty() ? 0 : 7, result.code(), result::err);
    return findings;
  }

  private Map<String, Object> only(String kind, String... options) throws IOException {
    List<Map<String, Object>> findings = findings(options);
    assertEquals(1, findings.size(), findings::toString);
    assertEquals(kind, findings.get(0).get("kind"), findings::toString);
    return findings.get(0);
  }

  private void assertInOrder() throws IOException {
    assertEquals(List.of(), findings());
  }

  private static String repairOf(Map<String, Object> finding) {
    return (String) finding.get("repair");
  }

  // Missing parts.

  @Test
  void bases_that_are_not_mounted_are_one_finding_and_nothing_is_lost() throws IOException {
    Path away = directory.resolve("away");
    Files.move(cli.home().resolve("bases"), away);
    Files.createDirectory(cli.home().resolve("bases"));

    Map<String, Object> finding = only("file_system_away", "--repair");
    assertEquals(cli.home().resolve("bases").toString(), finding.get("file"));
    assertEquals(false, finding.get("lossy"));
    only("file_system_away", "--repair", "--deep");

    Files.delete(cli.home().resolve("bases"));
    Files.move(away, cli.home().resolve("bases"));
    assertInOrder();
    assertEquals(0, cli.run("gc").code());
    assertTrue(Files.exists(base));
    assertEquals(0, cli.run("snapshot", "restore", "web", "daily").code());
  }

  // Parts that came back.

  @Test
  void a_base_that_came_back_by_cp_is_mended_by_a_deep_repair() throws IOException {
    assertEquals(List.of(), findings("--deep"));
    Path backup = Files.copy(base, directory.resolve("backup"));
    Files.delete(base);
    Files.copy(backup, base);
    Files.setLastModifiedTime(base, FileTime.fromMillis(1));

    Map<String, Object> shallow = only("base_changed");
    assertTrue(repairOf(shallow).endsWith(": basedisk doctor --deep --repair"), shallow::toString);
    assertEquals(false, only("base_time_differs", "--deep").get("lossy"));
    assertEquals(5, cli.run("clone", "web@daily", "copy").code());
    Map<String, Object> report = cli.json("doctor", "--deep", "--repair");
    assertEquals(List.of(), report.get("findings"));
    assertEquals(1, ((List<?>) report.get("repaired")).size());
    assertInOrder();
    assertEquals(0, cli.run("clone", "web@daily", "copy").code());
  }

  @Test
  void a_changed_base_without_a_recorded_digest_is_accepted_by_hand() throws IOException {
    Files.setLastModifiedTime(base, FileTime.from(BEYOND_2262));
    Map<String, Object> finding = only("base_changed", "--repair", "--deep");
    assertEquals(true, finding.get("lossy"));
    String id = String.valueOf(base.getFileName()).replace(".qcow2", "");
    assertTrue(
        repairOf(finding).endsWith(": basedisk doctor --repair --accept-changed " + id),
        finding::toString);

    assertEquals(2, cli.run("doctor", "--accept-changed", id).code());
    assertEquals(4, cli.run("doctor", "--repair", "--accept-changed", "none0001").code());
    Map<String, Object> report = cli.json("doctor", "--repair", "--accept-changed", id);
    assertEquals(List.of(), report.get("findings"));
    assertEquals(1, ((List<?>) report.get("repaired")).size());
    assertEquals(List.of(), findings("--deep"));
    assertEquals(3, cli.run("doctor", "--repair", "--accept-changed", id).code());
  }

  @Test
  void a_time_beyond_2262_is_one_like_any_other() throws IOException {
    Files.setLastModifiedTime(disk, FileTime.from(BEYOND_2262));
    cli.json("snapshot", "create", "web", "late");
    assertEquals(List.of(), findings("--deep"));
    assertEquals(List.of(), findings("--deep"));
  }

  // Operations that can't be settled.

  private void killed(String step, Consumer<BaseDisks> operation) {
    KilledOperation.run(cli.home(), step, operation);
  }

  private void killedFork() {
    killed("rename", disks -> disks.bases().create(BoxId.of("web"), BaseDiskKind.CLONE_BASE, null));
  }

  private String settle(Map<String, Object> finding) throws IOException {
    String repair = repairOf(finding);
    String command = repair.substring(repair.indexOf(": basedisk ") + ": basedisk ".length());
    String[] words = command.split(" ");
    assertEquals("doctor --settle", words[0] + " " + words[1]);
    Cli.Result usage = cli.run("doctor", "--settle", words[2]);
    assertEquals(2, usage.code());
    assertTrue(usage.err().contains("--keep-disk"), usage.err());

    Map<String, Object> settled = cli.json(words);
    assertEquals(Map.of("settled", words[2], "box", "web"), settled);
    assertEquals(4, cli.run(words).code());
    return words[2];
  }

  private Map<String, Object> staleIntent() throws IOException {
    return findings().stream()
        .filter(finding -> finding.get("kind").equals("stale_intent"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_disk_that_was_put_back_in_the_middle_of_a_fork_is_usable_again() throws IOException {
    Path backup = directory.resolve("backup.qcow2");
    Files.copy(disk, backup);
    killedFork();
    Files.delete(disk);
    Files.copy(backup, disk);
    byte[] content = Files.readAllBytes(disk);
    assertEquals(3, cli.run("snapshot", "create", "web", "s2").code());

    settle(staleIntent());
    assertArrayEquals(content, Files.readAllBytes(disk));
    assertTrue(repairOf(only("file_without_record")).endsWith(": basedisk gc --discard-orphans"));
    assertEquals(0, cli.run("snapshot", "create", "web", "s2").code());
    assertEquals(0, cli.run("gc", "--discard-orphans", "--orphan-grace", "0").code());
    assertInOrder();
  }

  @Test
  void a_home_that_was_copied_in_the_middle_of_a_fork_is_usable_again() throws IOException {
    killedFork();
    Path copy = directory.resolve("copy");
    Tool.run("cp", "-a", cli.home(), copy);
    Tool.run("rm", "-rf", cli.home());
    Tool.run("mv", copy, cli.home());

    settle(staleIntent());
    assertEquals(List.of(), cli.json("doctor", "--repair").get("findings"));
    assertEquals(0, cli.run("snapshot", "create", "web", "s2").code());
    assertInOrder();
  }

  @Test
  void what_a_home_keeps_that_was_copied_during_a_removal_is_found() throws IOException {
    killed("remove", disks -> disks.boxes().remove(BoxId.of("web"), SnapshotsOnRemoval.REMOVE));
    Path copy = directory.resolve("copy");
    Tool.run("cp", "-a", cli.home(), copy);
    Tool.run("rm", "-rf", cli.home());
    Tool.run("mv", copy, cli.home());

    Map<String, Object> finding = only("box_without_record");
    assertEquals(cli.home().resolve("boxes/web").toString(), finding.get("file"));
    assertEquals(0, cli.run("gc", "--discard-orphans", "--orphan-grace", "0").code());
    assertFalse(Files.exists(disk));
    assertInOrder();
  }

  @Test
  void an_operation_that_is_no_number_or_not_known_is_not_settled() {
    assertEquals(2, cli.run("doctor", "--settle", "x", "--keep-disk").code());
    assertEquals(2, cli.run("doctor", "--settle", "0", "--keep-disk").code());
    assertEquals(2, cli.run("doctor", "--keep-disk").code());
    assertEquals(2, cli.run("doctor", "--settle", "7", "--keep-disk", "--repair").code());
    assertEquals(4, cli.run("doctor", "--settle", "7", "--keep-disk").code());
  }
}
