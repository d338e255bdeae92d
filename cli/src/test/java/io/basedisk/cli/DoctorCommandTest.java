package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.collect.ObjectArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Doctor and the sweep, by the command line on real files. */
final class DoctorCommandTest {

  @TempDir Path directory;
  private Cli cli;
  private Path base;

  @BeforeEach
  void aBoxOnABase() {
    cli = new Cli(directory.resolve("home"));
    cli.json("box", "create", "web-1", "--size", "1M");
    base =
        Path.of(
            (String) cli.json("base", "create", "web-1", "--kind", "clone_base").get("base_path"));
  }

  private static Map<String, Object> only(Object findings) {
    assertEquals(1, ((List<?>) findings).size(), findings::toString);
    @SuppressWarnings("unchecked")
    Map<String, Object> finding = (Map<String, Object>) ((List<?>) findings).get(0);
    return finding;
  }

  @Test
  void a_home_in_order_has_no_findings() {
    Map<String, Object> report = cli.json("doctor", "--deep");

    assertEquals(Map.of("findings", List.of(), "repaired", List.of()), report);
    assertTrue(cli.run("doctor").out().contains("nothing is wrong"));
  }

  @Test
  void a_finding_that_is_left_is_exit_code_7_and_says_what_would_mend_it() throws IOException {
    cli.json("base", "create", "web-1", "--kind", "clone_base");
    Files.delete(base);

    Cli.Result result = cli.run("--json", "doctor", "--repair");

    assertEquals(7, result.code());
    Map<String, Object> report = JSON.std.mapFrom(result.out());
    assertEquals(List.of(), report.get("repaired"));
    Map<String, Object> first = findingOf((List<?>) report.get("findings"), "record_without_file");
    assertEquals(Set.of("kind", "file", "detail", "repair", "lossy"), first.keySet());
    assertEquals(base.toString(), first.get("file"));
    assertEquals(true, first.get("lossy"));
  }

  private static Map<String, Object> findingOf(List<?> findings, String kind) {
    @SuppressWarnings("unchecked")
    Map<String, Object> found =
        (Map<String, Object>)
            findings.stream()
                .filter(finding -> ((Map<?, ?>) finding).get("kind").equals(kind))
                .findFirst()
                .orElseThrow();
    return found;
  }

  @Test
  void what_loses_nothing_is_repaired_and_not_found_again() throws IOException {
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rw-r--r--"));

    assertEquals(7, cli.run("doctor").code());
    Map<String, Object> report = cli.json("doctor", "--repair");

    assertEquals("wrong_permissions", only(report.get("repaired")).get("kind"));
    assertEquals(List.of(), report.get("findings"));
    assertEquals(0, cli.run("doctor").code());
    assertFalse(PosixFilePermissions.toString(Files.getPosixFilePermissions(base)).contains("w"));
  }

  @Test
  void a_base_whose_bytes_changed_is_found() throws IOException {
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rw-------"));
    byte[] bytes = Files.readAllBytes(base);
    bytes[bytes.length - 1] ^= 1;
    Files.write(base, bytes);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("r--------"));

    Cli.Result result = cli.run("--json", "doctor");

    assertEquals(7, result.code());
    findingOf((List<?>) JSON.std.mapFrom(result.out()).get("findings"), "base_changed");
  }

  @Test
  void a_base_that_changed_behind_an_old_time_is_found_by_a_deep_look() throws IOException {
    assertEquals(0, cli.run("doctor", "--deep").code());
    var modified = Files.getLastModifiedTime(base);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rw-------"));
    byte[] bytes = Files.readAllBytes(base);
    bytes[bytes.length - 1] ^= 1;
    Files.write(base, bytes);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("r--------"));
    Files.setLastModifiedTime(base, modified);

    Cli.Result result = cli.run("--json", "doctor", "--deep");

    assertEquals(7, result.code());
    findingOf((List<?>) JSON.std.mapFrom(result.out()).get("findings"), "base_changed");
  }

  @Test
  void gc_discards_a_base_without_a_record_only_where_the_user_says_so() throws IOException {
    Path orphan = Files.copy(base, base.resolveSibling("orphan01.qcow2"));
    Path foreign = Files.writeString(base.resolveSibling("notes.txt"), "mine");

    assertEquals(7, cli.run("doctor").code());
    assertEquals(List.of(orphan.toString()), cli.json("gc").get("orphans"));
    assertEquals(List.of(), cli.json("gc", "--discard-orphans").get("discarded"));
    String[] discard = {"gc", "--discard-orphans", "--orphan-grace", "0"};
    assertEquals(
        List.of(orphan.toString()),
        cli.json(ObjectArrays.concat(discard, "--dry-run")).get("discarded"));
    assertTrue(Files.exists(orphan));
    assertEquals(List.of(orphan.toString()), cli.json(discard).get("discarded"));

    assertFalse(Files.exists(orphan));
    assertTrue(Files.exists(foreign));
    assertEquals(0, cli.run("doctor").code());
  }

  @Test
  void a_grace_or_a_wait_that_is_no_length_of_time_is_wrong_usage() {
    assertEquals(2, cli.run("gc", "--orphan-grace", "1m").code());
    assertEquals(2, cli.run("gc", "--orphan-grace", "-1").code());
    assertEquals(2, cli.run("gc", "--orphan-grace", "5 minutes").code());
    assertEquals(2, cli.run("--wait", "soon", "box", "ls").code());
    assertEquals(0, cli.run("--wait", "2", "box", "ls").code());
  }
}
