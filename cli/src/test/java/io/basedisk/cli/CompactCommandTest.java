package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.HomeListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code box compact} and {@code gc --compact}. */
class CompactCommandTest {

  private static final Set<String> FIGURES =
      Set.of(
          "box",
          "depth_before",
          "depth_after",
          "kept_base",
          "merged",
          "written_bytes",
          "replaced_bytes",
          "collected",
          "freed_bytes");

  @TempDir private Path directory;
  private Path home;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws IOException {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
  }

  /** Creates a box on a chain of bases, and returns their ids, nearest first. */
  private List<Object> deepBox(String box, int depth) {
    cli.json("box", "create", box, "--size", "1M");
    List<Object> bases = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      bases.add(0, cli.json("base", "create", box, "--kind", "clone_base").get("id"));
    }
    return bases;
  }

  private Path disk(String box) {
    return home.resolve("boxes").resolve(box).resolve("disks/disk.qcow2");
  }

  private Object depth(String box) {
    return cli.json("box", "show", box).get("depth");
  }

  private FileChannel vmOn(String box) throws IOException {
    return FileChannel.open(disk(box), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Test
  void box_compact_prints_what_it_merged_and_freed() {
    List<Object> bases = deepBox("web-1", 4);

    Map<String, Object> done = cli.json("box", "compact", "web-1", "--max-depth", "2");

    assertEquals(FIGURES, done.keySet());
    assertEquals(cli.json("box", "show", "web-1"), done.get("box"));
    assertEquals(4, done.get("depth_before"));
    assertEquals(1, done.get("depth_after"));
    assertEquals(1, depth("web-1"));
    assertEquals(bases.get(3), done.get("kept_base"));
    assertEquals(bases.subList(0, 3), done.get("merged"));
    assertEquals(bases.subList(0, 3), done.get("collected"));
    assertTrue((Integer) done.get("freed_bytes") > 0);
    assertEquals(0, cli.run("doctor").code());
  }

  @Test
  void a_dry_run_prints_the_same_and_changes_nothing() {
    deepBox("web-1", 4);
    Map<String, String> before = HomeListing.of(home);

    Map<String, Object> plan = cli.json("box", "compact", "web-1", "--max-depth", "2", "--dry-run");

    assertEquals(FIGURES, plan.keySet());
    assertEquals(4, ((Map<?, ?>) plan.get("box")).get("depth"));
    assertEquals(before, HomeListing.of(home));
    Map<String, Object> done = cli.json("box", "compact", "web-1", "--max-depth", "2");
    for (String figure : Set.of("depth_after", "kept_base", "merged", "collected", "freed_bytes")) {
      assertEquals(plan.get(figure), done.get(figure), figure);
    }
  }

  @Test
  void a_chain_that_is_short_enough_is_left_with_the_reason() {
    deepBox("web-1", 3);
    Map<String, String> before = HomeListing.of(home);

    Map<String, Object> left = cli.json("box", "compact", "web-1");

    assertEquals(List.of(), left.get("merged"));
    assertEquals("its chain of 3 is not deeper than 32", left.get("left"));
    assertEquals(
        "box web-1 is left as it is: its chain of 3 is not deeper than 32\n",
        cli.run("box", "compact", "web-1").out());
    assertEquals(before, HomeListing.of(home));
  }

  @Test
  void for_people_it_is_one_line() {
    deepBox("web-1", 4);

    assertTrue(
        cli.run("box", "compact", "web-1", "--max-depth", "3", "--dry-run")
            .out()
            .startsWith("would compact box web-1: depth 4 -> 1, to write at most "));
    assertTrue(
        cli.run("box", "compact", "web-1", "--max-depth", "3")
            .out()
            .startsWith("compacted box web-1: depth 4 -> 1, wrote "));
  }

  @Test
  void a_box_that_does_not_exist_is_4() {
    assertEquals(4, cli.run("box", "compact", "web-1").code());
  }

  @Test
  void a_disk_that_is_open_for_writing_is_3() throws IOException {
    deepBox("web-1", 3);
    Map<String, String> before = HomeListing.of(home);
    try (FileChannel vm = vmOn("web-1")) {
      assertEquals(3, cli.run("box", "compact", "web-1", "--max-depth", "1").code(), vm::toString);
    }
    assertEquals(before, HomeListing.of(home));
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 5"})
  void a_dirty_disk_is_3_and_a_corrupt_one_5(byte incompatibleFeatures, int code)
      throws IOException {
    deepBox("web-1", 3);
    try (FileChannel file = vmOn("web-1")) {
      file.write(ByteBuffer.wrap(new byte[] {incompatibleFeatures}), 79);
    }
    Map<String, String> before = HomeListing.of(home);

    assertEquals(code, cli.run("box", "compact", "web-1", "--max-depth", "1").code());

    assertEquals(before, HomeListing.of(home));
  }

  // The whole fleet.

  @Test
  void gc_compacts_deep_boxes_and_skips_those_in_use() throws IOException {
    List<Object> bases = deepBox("deep", 4);
    deepBox("shallow", 2);
    deepBox("used", 4);
    Map<String, Object> report;
    try (FileChannel vm = vmOn("used")) {
      report = cli.json("gc", "--compact", "--max-depth", "3");
      assertTrue(vm.isOpen());
    }

    assertEquals(
        Set.of("collected", "freed_bytes", "discarded", "orphans", "compacted", "skipped"),
        report.keySet());
    Map<?, ?> compacted = (Map<?, ?>) ((List<?>) report.get("compacted")).get(0);
    assertEquals(FIGURES, compacted.keySet());
    assertEquals("deep", compacted.get("box"));
    assertEquals(bases.subList(0, 3), compacted.get("collected"));
    Map<?, ?> skipped = (Map<?, ?>) ((List<?>) report.get("skipped")).get(0);
    assertEquals("used", skipped.get("box"));
    assertTrue(skipped.get("reason").toString().contains("open for writing"), skipped::toString);
    assertEquals(1, depth("deep"));
    assertEquals(2, depth("shallow"));
    assertEquals(4, depth("used"));
  }

  @Test
  void gc_in_a_dry_run_compacts_nothing() {
    deepBox("deep", 4);
    Map<String, String> before = HomeListing.of(home);

    Map<String, Object> plan = cli.json("gc", "--compact", "--max-depth", "3", "--dry-run");

    assertEquals(1, ((List<?>) plan.get("compacted")).size());
    assertEquals(before, HomeListing.of(home));
  }
}
