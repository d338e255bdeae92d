package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.base.Splitter;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job with QEMU as the guest. {@code qemu-io} writes before and after each operation and
 * reads everything back from every disk and base. {@code qemu-img} finds every file clean.
 */
@Tag("oracle")
class MainJobOracleTest {

  private static final String SIZE = "16M";

  @TempDir private Path directory;
  private Path home;
  private Cli cli;

  /** For each file, the {@code qemu-io} reads that must succeed, in the order of the writes. */
  private final ListMultimap<Path, String> expected = ArrayListMultimap.create();

  private int patterns;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @BeforeEach
  void use_a_home_in_the_directory() throws IOException {
    home = directory.toRealPath().resolve("home");
    cli = new Cli(home);
  }

  @Test
  void bases_that_a_clone_needs_outlive_the_box_that_they_came_from() {
    createBox("box-1");
    write("box-1");
    String a = fork("box-1");
    write("box-1");
    String b = fork("box-1");
    cloneBox("box-1", "box-2", b);
    write("box-1");
    write("box-2");

    cli.json("box", "rm", "box-1");
    expected.removeAll(disk("box-1"));
    assertEquals(List.of(), cli.json("gc").get("collected"));

    assertEquals(a, cli.json("base", "show", b).get("parent_id"));
    verifyEverything();

    assertEquals(List.of(b, a), cli.json("box", "rm", "box-2").get("collected"));
    assertFalse(Files.exists(baseFile(a)));
    assertFalse(Files.exists(baseFile(b)));
  }

  @Test
  void every_pattern_is_read_back_from_every_disk_and_base() throws IOException {
    createBox("web-1");
    for (String snapshot : List.of("one", "two", "three")) {
      write("web-1");
      freeze("web-1", id(cli.json("snapshot", "create", "web-1", snapshot)));
      write("web-1");
      verifyEverything();
    }
    cloneSnapshot("web-1", "two", "web-2");
    write("web-2");
    fork("web-2");
    write("web-2");
    cloneSnapshot("web-1", "three", "web-3");
    write("web-3");
    verifyEverything();
    assertTreeIsWhatQemuSees();

    cli.json("box", "rm", "web-1", "--with-snapshots");
    expected.removeAll(disk("web-1"));
    cli.json("gc");
    verifyEverything();
    assertTreeIsWhatQemuSees();
  }

  @Test
  void a_base_is_the_same_file_byte_for_byte_whatever_happens_above_it() throws IOException {
    createBox("web-1");
    write("web-1");
    String base = fork("web-1");
    byte[] before = Files.readAllBytes(baseFile(base));

    write("web-1");
    fork("web-1");
    cloneBox("web-1", "web-2", id(newestBase()));
    write("web-2");
    cli.json("box", "rm", "web-1");

    assertArrayEquals(before, Files.readAllBytes(baseFile(base)));
  }

  @Test
  void snapshots_and_bitmaps_inside_a_disk_stay_in_the_base_that_is_told_to_keep_them() {
    createBox("web-1");
    write("web-1");
    Qemu.img("snapshot", "-c", "inside", disk("web-1"));
    Qemu.img("bitmap", "--add", disk("web-1"), "backup");
    write("web-1");

    Cli.Result refusal = cli.run("snapshot", "create", "web-1", "one");
    assertEquals(3, refusal.code());
    assertTrue(refusal.err().contains("--drop-internal"), refusal.err());
    verifyEverything();

    String base = id(cli.json("snapshot", "create", "web-1", "one", "--drop-internal"));
    freeze("web-1", base);
    write("web-1");
    verifyEverything();
    assertTrue(Qemu.img("snapshot", "-l", baseFile(base)).contains("inside"));
    assertTrue(Qemu.img("info", baseFile(base)).contains("backup"));
    assertFalse(Qemu.img("snapshot", "-l", disk("web-1")).contains("inside"));
    assertFalse(Qemu.img("info", disk("web-1")).contains("backup"));
    assertEquals(0, cli.run("image", "check", baseFile(base).toString()).code());

    assertEquals(
        List.of(base), cli.json("box", "rm", "web-1", "--with-snapshots").get("collected"));
    assertFalse(Files.exists(baseFile(base)));
  }

  @Test
  void the_command_that_the_hint_for_a_dirty_disk_names_repairs_it() throws Exception {
    createBox("web-1");
    Path disk = disk("web-1");
    Qemu.img("amend", "-f", "qcow2", "-o", "lazy_refcounts=on", disk);
    Process killed =
        new ProcessBuilder(
                "qemu-io", "-f", "qcow2", "-c", "write -P 7 0 64k", "-c", "abort", disk.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    killed.waitFor();

    Cli.Result refusal = cli.run("snapshot", "create", "web-1", "one");
    assertEquals(3, refusal.code());
    List<String> hint = Splitter.on("qemu-img ").splitToList(refusal.errors().get(1));
    Qemu.img(Splitter.on(' ').splitToList(hint.get(1)).toArray());

    cli.json("snapshot", "create", "web-1", "one");
    Qemu.io(disk, List.of("read -P 7 0 64k"));
  }

  @Test
  void info_prints_what_qemu_img_prints() throws IOException {
    createBox("web-1");
    write("web-1");
    Path base = baseFile(fork("web-1"));
    Path disk = disk("web-1");

    for (Path image : List.of(base, disk)) {
      assertEquals(
          JSON.std.mapFrom(Qemu.img("info", "--output=json", image)),
          cli.json("image", "info", image.toString()));
      assertEquals(Qemu.img("info", image), cli.run("image", "info", image.toString()).out());
    }
  }

  @Test
  void info_of_an_image_with_snapshots_and_bitmaps_is_what_qemu_img_prints() throws IOException {
    Path image = directory.toRealPath().resolve("image.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", image, SIZE);
    Qemu.img("bitmap", "--add", image, "first");
    Qemu.img("bitmap", "--add", "--disable", "-g", "32K", image, "second");
    Qemu.img("snapshot", "-c", "before", image);
    Qemu.io(image, List.of("write -P 1 0 64k"));
    Qemu.img("snapshot", "-c", "after", image);

    assertEquals(
        JSON.std.mapFrom(Qemu.img("info", "--output=json", image)),
        cli.json("image", "info", image.toString()));
    assertEquals(Qemu.img("info", image), cli.run("image", "info", image.toString()).out());
  }

  @Test
  void info_of_an_image_of_version_2_is_what_qemu_img_prints() throws IOException {
    Path image = directory.toRealPath().resolve("image.qcow2");
    Qemu.img("create", "-q", "-f", "qcow2", "-o", "compat=0.10", image, SIZE);

    assertEquals(
        JSON.std.mapFrom(Qemu.img("info", "--output=json", image)),
        cli.json("image", "info", image.toString()));
    assertEquals(Qemu.img("info", image), cli.run("image", "info", image.toString()).out());
  }

  @Test
  void a_created_image_is_what_qemu_img_creates() throws IOException {
    Path ours = directory.toRealPath().resolve("ours.qcow2");
    Path theirs = directory.toRealPath().resolve("theirs.qcow2");
    cli.json("image", "create", ours.toString(), SIZE);
    Qemu.img("create", "-q", "-f", "qcow2", theirs, SIZE);

    Qemu.check(ours);
    assertEquals(info(theirs, ours), info(ours, ours));
  }

  @Test
  void the_demo_has_qemu_check_its_files() {
    Cli.Result result = Cli.runAnywhere(System.getenv(), "demo");

    assertEquals(0, result.code(), result.out());
    assertTrue(result.out().contains("qemu-img check finds every file clean"), result.out());
  }

  // The operations, and the content that must stay readable.

  private void createBox(String box) {
    cli.json("box", "create", box, "--size", SIZE);
  }

  /** Overwrites shared content with one pattern, and writes another at an offset of its own. */
  private void write(String box) {
    Path disk = disk(box);
    patterns++;
    for (String where : List.of("100k 24k", patterns * 256 + "k 68k")) {
      Qemu.io(disk, List.of("write -P " + patterns + " " + where));
      expected.get(disk).removeIf(read -> read.endsWith(where));
      expected.put(disk, read(patterns, where));
    }
  }

  private static String read(int pattern, String where) {
    return "read -P " + pattern + " " + where;
  }

  private String fork(String box) {
    String base = id(cli.json("base", "create", box, "--kind", "clone_base"));
    freeze(box, base);
    return base;
  }

  private void freeze(String box, String base) {
    expected.putAll(baseFile(base), List.copyOf(expected.get(disk(box))));
  }

  private void cloneBox(String box, String clone, String base) {
    Map<String, Object> cloned = cli.json("clone", box, clone);
    assertEquals(base, id(cloned.get("base")), "the disk was not written since its last fork");
    expected.putAll(disk(clone), List.copyOf(expected.get(disk(box))));
  }

  private void cloneSnapshot(String box, String snapshot, String clone) {
    String base = id(cli.json("clone", box + "@" + snapshot, clone).get("base"));
    expected.putAll(disk(clone), List.copyOf(expected.get(baseFile(base))));
  }

  // QEMU's view.

  private void verifyEverything() {
    for (Path file : expected.keySet()) {
      Qemu.io(file, expected.get(file));
      Qemu.check(file);
    }
  }

  /** Compares the path from each box up to its root in the tree with the chain of its disk. */
  private void assertTreeIsWhatQemuSees() throws IOException {
    Map<String, List<String>> chains = new HashMap<>();
    collectChains((List<?>) cli.json("tree").get("roots"), List.of(), chains);
    List<Object> boxes = cli.jsonList("box", "ls");
    assertEquals(boxes.size(), chains.size());
    for (Object box : boxes) {
      String name = (String) ((Map<?, ?>) box).get("box");
      List<String> seen = new ArrayList<>();
      for (Object image :
          JSON.std.listFrom(Qemu.img("info", "--backing-chain", "--output=json", disk(name)))) {
        seen.add((String) ((Map<?, ?>) image).get("filename"));
      }
      List<String> shown = new ArrayList<>(List.of(disk(name).toString()));
      shown.addAll(chains.get(name));
      assertEquals(seen, shown);
    }
  }

  private static void collectChains(
      List<?> nodes, List<String> above, Map<String, List<String>> chains) {
    for (Object node : nodes) {
      Map<?, ?> fields = (Map<?, ?>) node;
      List<String> chain = new ArrayList<>();
      chain.add((String) ((Map<?, ?>) fields.get("base")).get("base_path"));
      chain.addAll(above);
      ((List<?>) fields.get("boxes")).forEach(box -> chains.put((String) box, chain));
      collectChains((List<?>) fields.get("children"), chain, chains);
    }
  }

  private Object newestBase() {
    return cli.jsonList("base", "ls").get(0);
  }

  private static Map<String, Object> info(Path image, Path named) throws IOException {
    Map<String, Object> info = JSON.std.mapFrom(Qemu.img("info", "--output=json", image));
    info.put("filename", named.toString());
    info.remove("actual-size");
    return info;
  }

  private static String id(Object base) {
    return (String) ((Map<?, ?>) base).get("id");
  }

  private Path disk(String box) {
    return home.resolve("boxes/" + box + "/disks/disk.qcow2");
  }

  private Path baseFile(String id) {
    return home.resolve("bases/" + id + ".qcow2");
  }
}
