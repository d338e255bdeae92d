package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.qcow2.testing.Images;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The output and effect of each successful command. */
class CommandsTest {

  private static final Set<String> BASE_FIELDS =
      Set.of(
          "id",
          "source_box_id",
          "kind",
          "base_path",
          "container_disk_bytes",
          "size_bytes",
          "created_at",
          "referenced_by",
          "children");

  @TempDir private Path directory;
  private Path home;
  private Cli cli;

  @BeforeEach
  void use_a_home_in_the_directory() throws Exception {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
    cli.json("home", "init");
  }

  // The home.

  @Test
  void a_decision_for_the_home_is_kept_and_another_refused() {
    String option = "--unknown-use";
    assertEquals(0, cli.run(option, "trust-caller", "box", "ls").code());
    assertEquals(0, cli.run("box", "ls").code());
    assertEquals(3, cli.run(option, "keep", "box", "ls").code());
  }

  @ParameterizedTest
  @CsvSource({"keep-everything, trust-caller", "trust-caller, keep"})
  void the_earlier_option_and_its_values_set_the_same_policy(String earlier, String other) {
    assertEquals(0, cli.run("--when-locks-cant-be-asked", earlier, "box", "ls").code());

    assertEquals(0, cli.run("--unknown-use", earlier, "box", "ls").code());
    assertEquals(3, cli.run("--unknown-use", other, "box", "ls").code());
  }

  // Boxes.

  @Test
  void box_create_prints_the_box() {
    Map<String, Object> box = cli.json("box", "create", "web-1", "--size", "10M");

    assertEquals(
        Set.of("box", "disk", "virtual_size", "depth", "created_at"),
        box.keySet(),
        "no base_id, since it depends on none");
    assertEquals("web-1", box.get("box"));
    assertEquals(home.resolve("boxes/web-1/disks/disk.qcow2").toString(), box.get("disk"));
    assertEquals(10 << 20, box.get("virtual_size"));
    assertEquals(0, box.get("depth"));
  }

  @Test
  void a_size_is_rounded_up_to_whole_sectors() {
    assertEquals(1024, cli.json("box", "create", "b", "--size", "513").get("virtual_size"));
  }

  @Test
  void box_show_prints_what_box_create_did() {
    Map<String, Object> created = cli.json("box", "create", "web-1", "--size", "1M");

    assertEquals(created, cli.json("box", "show", "web-1"));
  }

  @Test
  void box_ls_lists_the_newest_first() {
    cli.json("box", "create", "first", "--size", "1M");
    cli.json("box", "create", "second", "--size", "1M");

    assertEquals(List.of("second", "first"), values(cli.jsonList("box", "ls"), "box"));
  }

  @Test
  void box_ls_of_an_empty_home_is_an_empty_list() {
    assertEquals(List.of(), cli.jsonList("box", "ls"));
    assertEquals("no boxes\n", cli.run("box", "ls").out());
  }

  @Test
  void box_rm_collects_what_only_that_box_needed() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("base", "create", "web-1", "--kind", "clone_base").get("id");

    Map<String, Object> removed = cli.json("box", "rm", "web-1");

    assertEquals(Set.of("removed", "collected", "freed_bytes"), removed.keySet());
    assertEquals("web-1", removed.get("removed"));
    assertEquals(List.of(id), removed.get("collected"));
    assertTrue((Integer) removed.get("freed_bytes") > 0);
    assertFalse(Files.exists(home.resolve("boxes/web-1")));
    assertFalse(Files.exists(home.resolve("bases/" + id + ".qcow2")));
  }

  @Test
  void box_rm_with_snapshots_takes_them_too() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("snapshot", "create", "web-1", "clean").get("id");

    assertEquals(List.of(id), cli.json("box", "rm", "web-1", "--with-snapshots").get("collected"));
  }

  // Snapshots and bases.

  @Test
  void snapshot_create_prints_the_base_that_it_is() {
    cli.json("box", "create", "web-1", "--size", "1M");

    Map<String, Object> base = cli.json("snapshot", "create", "web-1", "v 1");

    assertEquals(plus(BASE_FIELDS, "name"), base.keySet(), "no parent_id, since it has none");
    assertEquals("web-1", base.get("source_box_id"));
    assertEquals("v 1", base.get("name"));
    assertEquals("snapshot", base.get("kind"));
    assertEquals(1 << 20, base.get("container_disk_bytes"));
    assertEquals(List.of("web-1"), base.get("referenced_by"));
    assertEquals(List.of(), base.get("children"));
    assertEquals(
        home.resolve("bases/" + base.get("id") + ".qcow2").toString(), base.get("base_path"));
    assertEquals(
        Path.of((String) base.get("base_path")).toFile().length(),
        ((Integer) base.get("size_bytes")).longValue());
  }

  @Test
  void a_snapshot_name_may_start_with_an_at_sign_and_be_in_any_script() {
    cli.json("box", "create", "web-1", "--size", "1M");

    assertEquals("@été @2", cli.json("snapshot", "create", "web-1", "@été @2").get("name"));
    assertEquals(0, cli.run("clone", "web-1@@été @2", "web-2").code());
  }

  @Test
  void snapshot_ls_lists_those_of_the_box_alone() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("box", "create", "web-2", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "a");
    cli.json("snapshot", "create", "web-1", "b");
    cli.json("snapshot", "create", "web-2", "c");

    assertEquals(List.of("b", "a"), values(cli.jsonList("snapshot", "ls", "web-1"), "name"));
  }

  @Test
  void a_second_fork_has_the_first_as_its_parent() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object first = cli.json("snapshot", "create", "web-1", "a").get("id");

    Map<String, Object> second = cli.json("base", "create", "web-1", "--kind", "clone_base");

    assertEquals(plus(BASE_FIELDS, "parent_id"), second.keySet(), "no name, since it has none");
    assertEquals(first, second.get("parent_id"));
    assertEquals(
        List.of(second.get("id")), cli.json("base", "show", (String) first).get("children"));
  }

  @Test
  void base_create_registers_a_box_that_lives_elsewhere() throws Exception {
    Path disks = Files.createDirectory(directory.toRealPath().resolve("vm7"));
    assertEquals(
        0, cli.run("image", "create", disks.resolve("disk.qcow2").toString(), "1M").code());

    Object id =
        cli.json("base", "create", "vm7", "--kind", "clone_base", "--disks-dir", disks.toString())
            .get("id");

    Map<String, Object> box = cli.json("box", "show", "vm7");
    assertEquals(disks.resolve("disk.qcow2").toString(), box.get("disk"));
    assertEquals(id, box.get("base_id"));
    assertEquals(1, box.get("depth"));
  }

  @Test
  void base_create_of_a_disk_with_bitmaps_that_lives_elsewhere_does_what_its_refusal_advises()
      throws Exception {
    Path disks = Files.createDirectory(directory.toRealPath().resolve("vm7"));
    Files.move(Images.golden("bitmaps.qcow2", disks), disks.resolve("disk.qcow2"));
    List<String> command =
        List.of("base", "create", "vm7", "--kind", "clone_base", "--disks-dir", disks.toString());

    Cli.Result refusal = cli.run(command.toArray(String[]::new));
    assertEquals(3, refusal.code());
    assertTrue(refusal.err().contains("give --drop-internal to"), refusal.err());
    assertEquals(List.of(), cli.jsonList("box", "ls"));

    cli.json(Stream.concat(command.stream(), Stream.of("--drop-internal")).toArray(String[]::new));
    assertEquals(1, cli.json("box", "show", "vm7").get("depth"));
  }

  @Test
  void base_create_of_a_rootfs_belongs_to_no_box() {
    cli.json("box", "create", "web-1", "--size", "1M");

    Map<String, Object> base =
        cli.json("base", "create", "web-1", "--kind", "rootfs", "--name", "debian");

    assertEquals("__global__", base.get("source_box_id"));
  }

  @Test
  void base_ls_filters_by_box_and_by_kind() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("box", "create", "web-2", "--size", "1M");
    Object snapshot = cli.json("snapshot", "create", "web-1", "a").get("id");
    Object base = cli.json("base", "create", "web-1", "--kind", "clone_base").get("id");
    Object other = cli.json("base", "create", "web-2", "--kind", "clone_base").get("id");

    assertEquals(List.of(other, base, snapshot), values(cli.jsonList("base", "ls"), "id"));
    assertEquals(
        List.of(base, snapshot), values(cli.jsonList("base", "ls", "--box", "web-1"), "id"));
    assertEquals(
        List.of(other, base), values(cli.jsonList("base", "ls", "--kind", "clone_base"), "id"));
    assertEquals(
        List.of(base),
        values(cli.jsonList("base", "ls", "--kind", "clone_base", "--box", "web-1"), "id"));
  }

  @Test
  void base_rm_removes_a_snapshot_that_nothing_needs() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("snapshot", "create", "web-1", "a").get("id");
    cli.json("clone", "web-1@a", "web-2");
    cli.json("box", "rm", "web-2");
    cli.json("base", "create", "web-1", "--kind", "clone_base");

    assertEquals(3, cli.run("base", "rm", (String) id).code(), "a base depends on it");
    cli.json("box", "rm", "web-1", "--with-snapshots");
    assertEquals(4, cli.run("base", "rm", (String) id).code(), "it went with its box");
  }

  @Test
  void base_rm_prints_the_id_and_what_went() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("base", "create", "web-1", "--kind", "rootfs", "--name", "k").get("id");
    cli.json("box", "rm", "web-1");

    Map<String, Object> removed = cli.json("base", "rm", (String) id);

    assertEquals(Set.of("removed", "collected", "freed_bytes"), removed.keySet());
    assertEquals(id, removed.get("removed"));
    assertEquals(List.of(id), removed.get("collected"));
  }

  @Test
  void snapshot_restore_prints_the_box_and_what_went() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("snapshot", "create", "web-1", "clean").get("id");
    Object fork = cli.json("base", "create", "web-1", "--kind", "clone_base").get("id");

    Map<String, Object> restored = cli.json("snapshot", "restore", "web-1", "clean");

    assertEquals(Set.of("box", "collected", "freed_bytes"), restored.keySet());
    assertEquals(cli.json("box", "show", "web-1"), restored.get("box"));
    assertEquals(id, object(restored.get("box")).get("base_id"));
    assertEquals(1, object(restored.get("box")).get("depth"));
    assertEquals(List.of(fork), restored.get("collected"));
    assertEquals(List.of("disk.qcow2"), List.of(home.resolve("boxes/web-1/disks").toFile().list()));
  }

  @Test
  void snapshot_restore_saves_what_was_under_another_name() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");

    cli.json("snapshot", "restore", "web-1", "clean", "--save-as", "before");

    assertEquals(
        List.of("before", "clean"), values(cli.jsonList("snapshot", "ls", "web-1"), "name"));
    cli.json("snapshot", "restore", "web-1", "before");
  }

  @Test
  void snapshot_create_by_a_copy_prints_the_base_and_leaves_the_disk_as_it_was() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object first = cli.json("snapshot", "create", "web-1", "a").get("id");

    Map<String, Object> copied = cli.json("snapshot", "create", "web-1", "b", "--mode", "copy");

    assertEquals("snapshot", copied.get("kind"));
    assertEquals("b", copied.get("name"));
    assertEquals(first, copied.get("parent_id"));
    assertEquals(List.of(), copied.get("referenced_by"));
    assertEquals(first, cli.json("box", "show", "web-1").get("base_id"));
  }

  @Test
  void snapshot_rm_of_one_that_nothing_needs_takes_its_content() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "a");
    Object id = cli.json("snapshot", "create", "web-1", "b").get("id");
    cli.json("snapshot", "restore", "web-1", "a");

    Map<String, Object> removed = cli.json("snapshot", "rm", "web-1", "b");

    assertEquals(
        Set.of("removed", "id", "demoted", "held_by", "collected", "freed_bytes"),
        removed.keySet());
    assertEquals("b", removed.get("removed"));
    assertEquals(id, removed.get("id"));
    assertEquals(false, removed.get("demoted"));
    assertEquals(List.of(), removed.get("held_by"));
    assertEquals(List.of(id), removed.get("collected"));
  }

  @Test
  void snapshot_rm_names_who_still_needs_the_content() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "a");
    Object child = cli.json("snapshot", "create", "web-1", "b").get("id");
    cli.json("clone", "web-1@a", "web-2");

    Map<String, Object> removed = cli.json("snapshot", "rm", "web-1", "a");

    assertEquals(true, removed.get("demoted"));
    assertEquals(List.of(Map.of("box", "web-2"), Map.of("base", child)), removed.get("held_by"));
    assertEquals(List.of(), removed.get("collected"));
    assertEquals(List.of("b"), values(cli.jsonList("snapshot", "ls", "web-1"), "name"));
  }

  @Test
  void snapshot_rm_says_so_to_people_too() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("snapshot", "create", "web-1", "a").get("id");

    String out = cli.run("snapshot", "rm", "web-1", "a").out();

    assertTrue(
        out.startsWith("removed a; collected no base\nits content stays as base " + id), out);
    assertTrue(out.endsWith("as long as it is needed by box web-1\n"), out);
  }

  // Clones.

  @Test
  void clone_of_a_snapshot_prints_the_base_and_the_boxes() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("snapshot", "create", "web-1", "clean").get("id");

    Map<String, Object> cloned = cli.json("clone", "web-1@clean", "web-2", "web-3");

    assertEquals(Set.of("base", "boxes"), cloned.keySet());
    assertEquals(id, object(cloned.get("base")).get("id"));
    assertEquals(
        List.of("web-1", "web-2", "web-3"), object(cloned.get("base")).get("referenced_by"));
    assertEquals(List.of("web-2", "web-3"), values(cloned.get("boxes"), "box"));
    assertEquals(List.of(id, id), values(cloned.get("boxes"), "base_id"));
  }

  @Test
  void clone_of_a_box_that_was_not_written_since_its_last_fork_takes_the_base_of_that() {
    cli.json("box", "create", "web-1", "--size", "1M");

    Object base = object(cli.json("clone", "web-1", "web-2").get("base")).get("id");

    assertEquals(base, object(cli.json("clone", "web-1", "web-3").get("base")).get("id"));
  }

  @Test
  void clone_by_count_numbers_the_boxes_from_one() {
    cli.json("box", "create", "web-1", "--size", "1M");

    Map<String, Object> cloned = cli.json("clone", "web-1", "--count", "11", "--prefix", "t-");

    List<Object> names = values(cloned.get("boxes"), "box");
    assertEquals(11, names.size());
    assertEquals("t-1", names.get(0));
    assertEquals("t-11", names.get(10));
  }

  // Collection and lineage.

  @Test
  void gc_explains_why_a_base_stays() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object id = cli.json("base", "create", "web-1", "--kind", "clone_base").get("id");

    Map<String, Object> report = cli.json("gc", "--explain");

    assertEquals(
        Set.of("collected", "freed_bytes", "discarded", "orphans", "kept"), report.keySet());
    assertEquals(List.of(Map.of("id", id, "reason", "needed by box web-1")), report.get("kept"));
  }

  @Test
  void gc_says_nothing_of_what_stays_unless_asked() {
    assertEquals(
        Set.of("collected", "freed_bytes", "discarded", "orphans"),
        cli.json("gc", "--dry-run").keySet());
  }

  @Test
  void tree_nests_bases_and_names_the_boxes_on_them() {
    cli.json("box", "create", "web-1", "--size", "1M");
    Object a = cli.json("snapshot", "create", "web-1", "a").get("id");
    cli.json("clone", "web-1@a", "web-2");
    Object b = cli.json("snapshot", "create", "web-1", "b").get("id");

    List<?> roots = (List<?>) cli.json("tree").get("roots");

    assertEquals(1, roots.size());
    Map<String, Object> root = object(roots.get(0));
    assertEquals(Set.of("base", "boxes", "children"), root.keySet());
    assertEquals(a, object(root.get("base")).get("id"));
    assertEquals(List.of("web-2"), root.get("boxes"));
    Map<String, Object> child = object(((List<?>) root.get("children")).get(0));
    assertEquals(b, object(child.get("base")).get("id"));
    assertEquals(List.of("web-1"), child.get("boxes"));
    assertEquals(List.of(), child.get("children"));
  }

  @Test
  void tree_of_a_box_leaves_other_trees_out() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("box", "create", "other", "--size", "1M");
    Object id = cli.json("snapshot", "create", "web-1", "a").get("id");
    cli.json("snapshot", "create", "other", "a");

    List<?> roots = (List<?>) cli.json("tree", "web-1").get("roots");

    assertEquals(1, roots.size());
    assertEquals(id, object(object(roots.get(0)).get("base")).get("id"));
  }

  @Test
  void tree_as_text_draws_the_branches() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("box", "create", "alone", "--size", "1M");
    Object a = cli.json("snapshot", "create", "web-1", "a").get("id");
    cli.json("clone", "web-1@a", "web-2");
    Object b = cli.json("base", "create", "web-1", "--kind", "clone_base").get("id");

    List<String> lines = cli.run("tree").out().lines().toList();
    assertEquals(
        List.of("VIRTUAL", "ALLOCATED", "EXCLUSIVE"), List.of(lines.get(0).strip().split(" +")));
    assertEquals(
        List.of(
            "◆ " + a + "  snapshot \"a\" of web-1",
            "├─ box web-2",
            "● " + b + "  clone_base of web-1",
            "└─ box web-1",
            "",
            "box alone  (on no base)"),
        lines.stream().skip(1).map(line -> line.replaceAll("( +[0-9.]+ [KM]?i?B)+$", "")).toList());
    assertTrue(lines.get(1).matches(".*  1 MiB +[0-9.]+ KiB +0 B"), lines.get(1));
  }

  @Test
  void tree_as_dot_leads_from_each_base_to_its_dependents() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("box", "create", "alone", "--size", "1M");
    Object a = cli.json("snapshot", "create", "web-1", "say \"a\"").get("id");
    Object b = cli.json("base", "create", "web-1", "--kind", "clone_base").get("id");

    List<String> lines = cli.run("tree", "--format", "dot").out().lines().toList();

    assertEquals("digraph basedisk {", lines.get(0));
    assertTrue(lines.contains("  rankdir=LR;"), lines::toString);
    assertEquals(
        List.of(
            "  \"base " + a + "\" -> \"base " + b + "\";",
            "  \"base " + b + "\" -> \"boxes on " + b + "\";"),
        lines.stream().filter(line -> line.contains("->")).toList());
    assertEquals(
        List.of(
            "  \"base " + a + "\" [label=\"" + a + "  snapshot \\\"say \\\"a\\\"\\\" of web-1\\l",
            "  \"base " + b + "\" [label=\"" + b + "  clone_base of web-1\\l"),
        lines.stream()
            .filter(line -> line.startsWith("  \"base ") && line.contains("label"))
            .map(line -> line.substring(0, line.indexOf("\\l") + 2))
            .toList());
    assertTrue(
        lines.contains("  \"boxes on " + b + "\" [label=\"box web-1\", style=rounded];"),
        lines::toString);
    assertTrue(
        lines.contains("  \"boxes on no base\" [label=\"on no base: box alone\", style=rounded];"),
        lines::toString);
  }

  @Test
  void tree_as_html_is_one_page_in_which_names_are_data() {
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "<script>&\"'");

    String page = cli.run("tree", "--format", "html").out();

    assertTrue(page.contains("\"name\":\"\\u003Cscript\\u003E\\u0026\\\"\\u0027\""), page);
    assertTrue(page.contains("<title>Lineage</title>"), page);
    assertTrue(page.contains("default-src 'none'"), page);
    assertTrue(page.contains("basedisk --home " + home), page);
    assertFalse(
        page.replace("http://www.w3.org/2000/svg", "").contains("://"),
        "nothing is loaded from elsewhere");
  }

  @Test
  void tree_writes_to_a_file_and_replaces_an_older_one() throws Exception {
    Path file = directory.resolve("tree.json");
    Files.writeString(file, "something longer that was there before, and has to go");

    assertEquals("", cli.run("tree", "--format", "json", "-o", file.toString()).out());

    assertEquals("{\"roots\":[]}\n", Files.readString(file));
  }

  @Test
  void tree_fails_if_its_file_does_not_take_all_of_it() {
    cli.json("box", "create", "web-1", "--size", "1M");

    for (String format : List.of("html", "dot", "text", "json")) {
      Cli.Result result = cli.run("tree", "--format", format, "-o", "/dev/full");
      assertEquals(1, result.code(), format);
      assertTrue(result.err().contains("no space left"), result.err());
    }
  }

  // Options.

  @Test
  void options_for_all_commands_work_before_and_after_the_command() {
    Cli.Result after = Cli.runAnywhere(Map.of(), "box", "ls", "--json", "--home", home.toString());

    assertEquals(List.of(), after.array());
  }

  @Test
  void the_home_comes_from_the_environment_where_no_option_says_it() {
    Cli.Result result =
        Cli.runAnywhere(
            Map.of("BASEDISK_HOME", home.toString()), "box", "create", "b", "--size", "1M");

    assertEquals(0, result.code(), result.err());
    assertTrue(Files.exists(home.resolve("boxes/b/disks/disk.qcow2")));
  }

  @Test
  void the_option_goes_before_the_environment() {
    Path option = directory.resolve("option");
    Path other = directory.resolve("other");

    Cli.runAnywhere(
        Map.of("BASEDISK_HOME", other.toString()), "--home", option.toString(), "home", "init");

    assertTrue(Files.exists(option));
    assertFalse(Files.exists(other));
  }

  private static Set<String> plus(Set<String> fields, String... more) {
    return Stream.concat(fields.stream(), Arrays.stream(more)).collect(Collectors.toSet());
  }

  private static List<Object> values(Object list, String field) {
    return ((List<?>) list).stream().<Object>map(entry -> object(entry).get(field)).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }
}
