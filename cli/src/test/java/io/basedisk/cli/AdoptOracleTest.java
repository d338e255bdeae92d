package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.basedisk.cli.AdoptShapes.Shape;
import io.basedisk.cli.AdoptShapes.Tree;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adoptions of trees that QEMU's tools made: what the plan says is what happens, each disk reads
 * for QEMU as before, and the doctor finds nothing.
 */
@Tag("oracle")
final class AdoptOracleTest {

  @TempDir Path directory;
  private Cli cli;
  private Tree tree;

  @BeforeEach
  void anEmptyTree() throws IOException {
    Tool.assumeInstalled("qemu-img", "qemu-io");
    Path real = directory.toRealPath();
    cli = new Cli(real.resolve("home"));
    tree =
        new Tree(
            Files.createDirectory(real.resolve("tree")),
            Files.createDirectory(real.resolve("outside")));
  }

  static Stream<Arguments> shapes() {
    return AdoptShapes.all().stream()
        .flatMap(shape -> Stream.of(Arguments.of(shape, false), Arguments.of(shape, true)));
  }

  @ParameterizedTest(name = "{0}, into the home: {1}")
  @MethodSource("shapes")
  void every_shape_is_adopted_as_planned_and_reads_as_before(Shape shape, boolean intoHome)
      throws IOException {
    shape.maker().make(tree);
    Map<String, String> files = filesOfTree();
    Map<String, Object> inPlace = adopt(shape, "--dry-run");
    Map<String, Object> planned = adopt(shape, move(intoHome, "--dry-run"));
    Map<String, String> before = reads(disksOf(inPlace));

    assertFalse(Files.exists(cli.home()), "a dry run made a home");
    assertEquals(files, filesOfTree());
    assertEquals(shape.boxes(), disksOf(planned).keySet());
    assertEquals(shape.bases(), list(planned, "bases").size());
    assertEquals(shape.leftOut(), leftOutOf(planned));

    Map<String, Object> adopted = adopt(shape, move(intoHome, "--yes"));

    assertEquals(disksOf(planned), disksOf(adopted));
    assertEquals(list(planned, "left_out"), list(adopted, "left_out"));
    assertEquals(before, reads(disksOf(adopted)));
    if (!intoHome) {
      assertEquals(files, filesOfTree());
    }
    if (Files.exists(cli.home())) {
      assertEquals(List.of(), list(cli.json("doctor"), "findings"));
      assertEquals(disksOf(adopted), disksOf(Map.of("boxes", cli.jsonList("box", "ls"))), "box ls");
      disksOf(adopted).values().forEach(disk -> Tool.run("qemu-img", "check", "-q", disk));
      snapshotOfEach(disksOf(adopted).keySet());
      assertEquals(before, reads(disksOf(adopted)), "after a snapshot of each box");
      assertEquals(List.of(), list(cli.json("doctor"), "findings"));
    }
  }

  /** Makes a snapshot of each box. A disk with a relative backing name is refused. */
  private void snapshotOfEach(Set<String> boxes) {
    for (String box : boxes) {
      Cli.Result result = cli.run("snapshot", "create", box, "adopted", "--drop-internal");
      boolean isRelative = result.err().contains("make the name absolute");
      assertEquals(isRelative ? 3 : 0, result.code(), result::err);
    }
  }

  private static String[] move(boolean intoHome, String option) {
    return intoHome ? new String[] {option, "--into-home"} : new String[] {option};
  }

  /** Runs the command, whose exit code must say whether something was left out. */
  private Map<String, Object> adopt(Shape shape, String... options) {
    List<String> command = new ArrayList<>(List.of("--json", "adopt", tree.root().toString()));
    shape.options().stream()
        .map(option -> option.replace("OUTSIDE", tree.outside().toString()))
        .forEach(command::add);
    command.addAll(List.of(options));
    Cli.Result result = cli.run(command.toArray(String[]::new));
    assertEquals(shape.leftOut().isEmpty() ? 0 : 7, result.code(), result::toString);
    return new Cli.Result(0, result.out(), result.err()).object();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> document, String field) {
    return (List<Map<String, Object>>) document.get(field);
  }

  private static Map<String, String> disksOf(Map<String, Object> document) {
    Map<String, String> disks = new TreeMap<>();
    list(document, "boxes").forEach(box -> disks.put("" + box.get("box"), "" + box.get("disk")));
    return disks;
  }

  private Set<String> leftOutOf(Map<String, Object> document) {
    Set<String> files = new TreeSet<>();
    for (Map<String, Object> left : list(document, "left_out")) {
      assertFalse(String.valueOf(left.get("why")).isBlank());
      files.add(tree.root().relativize(Path.of("" + left.get("file"))).toString());
    }
    return files;
  }

  /** Returns what QEMU reads from each disk, through its chain. */
  private Map<String, String> reads(Map<String, String> disks) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (Map.Entry<String, String> disk : disks.entrySet()) {
      Path flat = directory.resolve("flat.raw");
      Tool.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", disk.getValue(), flat);
      digests.put(disk.getKey(), MoreFiles.asByteSource(flat).hash(Hashing.sha256()).toString());
      Files.delete(flat);
    }
    return digests;
  }

  /** Returns everything that an adoption in place must leave as it is. */
  private Map<String, String> filesOfTree() throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (Path root : List.of(tree.root(), tree.outside())) {
      try (Stream<Path> files = Files.walk(root)) {
        files.forEach(file -> all.put(file.toString(), stateOf(file)));
      }
    }
    return all;
  }

  private static String stateOf(Path file) {
    try {
      String attributes =
          Files.readAttributes(
                  file,
                  "unix:ino,mode,nlink,uid,gid,size,lastModifiedTime,ctime",
                  LinkOption.NOFOLLOW_LINKS)
              .toString();
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? attributes + MoreFiles.asByteSource(file).hash(Hashing.sha256())
          : attributes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_second_adoption_adopts_nothing_and_exits_with_0() {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    cli.run("adopt", tree.root().toString(), "--yes");

    Cli.Result again = cli.run("--json", "adopt", tree.root().toString(), "--yes");

    assertEquals(List.of(), again.object().get("boxes"));
    assertEquals(2, list(again.object(), "left_out").size());
  }

  @Test
  void without_a_terminal_nothing_is_adopted_unless_yes_is_given() {
    tree.image("web.qcow2");

    cli.run("adopt", tree.root().toString()).assertError(2);

    assertFalse(Files.exists(cli.home()));
  }

  @Test
  void a_foreign_base_that_nothing_needs_is_kept_and_gc_says_that_it_can_be_given_back()
      throws IOException {
    tree.image("base.qcow2").overlay("web.qcow2", "base.qcow2");
    Map<String, Object> adopted = cli.json("adopt", tree.root().toString(), "--yes");
    String base = "" + list(adopted, "bases").get(0).get("id");
    byte[] bytes = Files.readAllBytes(tree.at("base.qcow2"));
    assertEquals(0, cli.run("box", "rm", "web", "--delete-disks").code());

    Map<String, Object> gc = cli.json("gc", "--explain");

    assertTrue(
        String.valueOf(list(gc, "kept").get(0).get("reason")).contains("can be given back"),
        gc::toString);
    Cli.Result given = cli.run("base", "rm", base);
    assertEquals(0, given.code(), given::err);
    assertEquals(List.of(), cli.jsonList("base", "ls"));
    assertArrayEquals(bytes, Files.readAllBytes(tree.at("base.qcow2")));
    assertEquals(List.of(), list(cli.json("doctor"), "findings"));
  }
}
