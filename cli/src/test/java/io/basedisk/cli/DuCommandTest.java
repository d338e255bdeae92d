package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of {@code du}. */
class DuCommandTest {

  @TempDir private Path directory;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws IOException {
    cli = new Cli(directory.toRealPath().resolve("home"));
  }

  private Object fork(String box) {
    return cli.json("base", "create", box, "--kind", "clone_base").get("id");
  }

  private static Map<Object, Map<?, ?>> by(String key, Object list) {
    Map<Object, Map<?, ?>> found = new HashMap<>();
    ((List<?>) list).forEach(entry -> found.put(((Map<?, ?>) entry).get(key), (Map<?, ?>) entry));
    return found;
  }

  private static int figure(Map<?, ?> entry, String name) {
    return (Integer) entry.get(name);
  }

  @Test
  void the_figures_of_each_base_and_box_are_told() {
    cli.json("box", "create", "web-1", "--size", "10M");
    cli.json("clone", "web-1", "web-2");
    Object own = fork("web-2");

    Map<String, Object> report = cli.json("du");

    assertEquals(Set.of("bases", "boxes", "allocated_bytes", "reclaimable_bytes"), report.keySet());
    Map<?, ?> base = by("id", report.get("bases")).get(own);
    assertEquals(
        Set.of("id", "virtual_bytes", "allocated_bytes", "exclusive_bytes", "shared_with"),
        base.keySet());
    assertEquals(10 << 20, base.get("virtual_bytes"));
    assertTrue(figure(base, "allocated_bytes") > 0, base::toString);
    assertEquals(0, base.get("exclusive_bytes"));
    assertEquals(List.of("web-2"), base.get("shared_with"));
    Map<?, ?> box = by("box", report.get("boxes")).get("web-2");
    assertEquals(Set.of("box", "allocated_bytes", "exclusive_bytes"), box.keySet());
    assertEquals(
        figure(box, "allocated_bytes") + figure(base, "allocated_bytes"),
        box.get("exclusive_bytes"));
    assertEquals(0, report.get("reclaimable_bytes"));
  }

  @Test
  void of_a_box_its_own_chain_is_told_alone() {
    cli.json("box", "create", "web-1", "--size", "10M");
    Object shared = cli.json("snapshot", "create", "web-1", "s").get("id");
    cli.json("clone", "web-1@s", "web-2");
    fork("web-1");

    Map<String, Object> report = cli.json("du", "web-2");

    assertEquals(Set.of(shared), by("id", report.get("bases")).keySet());
    assertEquals(Set.of("web-2"), by("box", report.get("boxes")).keySet());
    assertEquals(
        List.of("web-1", "web-2"), by("id", report.get("bases")).get(shared).get("shared_with"));
  }

  @Test
  void the_text_is_two_tables_and_a_total() {
    cli.json("box", "create", "web-1", "--size", "10M");
    Object id = cli.json("snapshot", "create", "web-1", "s").get("id");
    cli.json("clone", "web-1@s", "--count", "5", "--prefix", "t-");

    List<String> lines = cli.run("du").out().lines().toList();

    assertEquals(
        List.of("BASE", "KIND", "VIRTUAL", "ALLOCATED", "EXCLUSIVE", "NEEDED", "BY"),
        List.of(lines.get(0).split(" +")));
    assertTrue(
        lines.get(1).matches(id + "  snapshot  10 MiB  .*B +0 B +t-1, t-2, t-3, t-4, 2 more boxes"),
        lines.get(1));
    assertEquals("", lines.get(2));
    assertEquals(
        List.of("BOX", "ALLOCATED", "EXCLUSIVE", "SHARED"), List.of(lines.get(3).split(" +")));
    assertTrue(
        lines
            .get(lines.size() - 1)
            .matches(".*B allocated in 1 base and 6 boxes; gc would free 0 B"),
        lines.get(lines.size() - 1));
  }

  @Test
  void the_text_lists_boxes_as_people_count() {
    cli.json("box", "create", "web", "--size", "10M");
    cli.json("clone", "web", "c10", "c2", "c1");

    List<String> lines = cli.run("du").out().lines().toList();

    assertTrue(lines.get(1).endsWith("  c1, c2, c10, web"), lines.get(1));
    assertEquals(
        List.of("c1", "c2", "c10", "web"),
        lines.subList(4, 8).stream().map(line -> line.substring(0, line.indexOf(' '))).toList());
  }

  @Test
  void an_empty_home_has_a_total_of_nothing() {
    cli.json("home", "init");

    assertEquals("0 B allocated in 0 bases and 0 boxes; gc would free 0 B\n", cli.run("du").out());
  }

  @Test
  void there_is_nothing_to_tell_of_a_box_that_does_not_exist() {
    assertEquals(4, cli.run("du", "nope").code());
    assertEquals(2, cli.run("du", "-").code());
  }
}
