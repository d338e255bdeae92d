package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks on images that QEMU's tools made before basedisk. */
@Tag("oracle")
final class ForeignBasesOracleTest {

  /** The types of header extensions: qcow2 specification, "Header extensions". */
  private static final int BACKING_FORMAT = 0xE2792ACA;

  private static final int UNKNOWN_EXTENSION = 0x12345678;

  @TempDir Path directory;
  private Cli cli;
  private Path raw;
  private Path vm;
  private Path disk;
  private byte[] before;

  @BeforeEach
  void aDiskOnARawImage() throws IOException {
    Tool.assumeInstalled("qemu-img", "qemu-io");
    Path real = directory.toRealPath();
    cli = new Cli(real.resolve("home"));
    raw = real.resolve("golden.raw");
    vm = Files.createDirectory(real.resolve("vm"));
    disk = vm.resolve("disk.qcow2");
    Tool.run("qemu-img", "create", "-q", "-f", "raw", raw, "1M");
    Tool.run("qemu-io", "-f", "raw", "-c", "write -q -P 7 64k 64k", raw);
    before = Files.readAllBytes(raw);
    overlay(disk, raw, "raw");
    writeInto(disk, 8, 0);
  }

  private static void overlay(Path image, Path backing, String format) {
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", "-b", backing, "-F", format, image);
  }

  private static void writeInto(Path image, int value, int position) {
    Tool.run(
        "qemu-io", "-f", "qcow2", "-c", "write -q -P " + value + " " + position + "k 64k", image);
  }

  private Cli.Result register(String... more) {
    return cli.run(
        ImmutableList.<String>builder()
            .add("--json", "base", "create", "vm", "--kind", "clone_base")
            .add("--disks-dir", vm.toString())
            .add(more)
            .build()
            .toArray(String[]::new));
  }

  private void register() {
    Map<String, Object> base = register("--allow-backing", raw.toString()).object();
    assertEquals(foreign().get("id"), base.get("parent_id"));
  }

  private Map<String, Object> foreign() {
    return basesThatAreForeign().get(0);
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> basesThatAreForeign() {
    return cli.jsonList("base", "ls").stream()
        .map(base -> (Map<String, Object>) base)
        .filter(base -> base.containsKey("foreign"))
        .toList();
  }

  private void assertSucceeds(String... command) {
    Cli.Result result = cli.run(command);
    assertEquals(0, result.code(), () -> String.join(" ", command) + ": " + result);
  }

  @Test
  void an_image_that_is_not_allowed_is_refused_and_nothing_is_recorded() throws IOException {
    byte[] disksBytes = Files.readAllBytes(disk);
    Cli.Result result =
        cli.run("base", "create", "vm", "--kind", "clone_base", "--disks-dir", vm.toString());
    result.assertError(5);
    assertTrue(result.err().contains("--allow-backing " + raw), result.err());
    assertArrayEquals(disksBytes, Files.readAllBytes(disk));
    assertEquals(List.of(), cli.jsonList("base", "ls"));
    assertEquals(List.of(), cli.jsonList("box", "ls"));
  }

  @Test
  void a_header_without_a_backing_format_is_refused_with_what_to_do() throws IOException {
    Path base = vm.resolve("base.qcow2");
    overlay(base, raw, "raw");
    Files.delete(disk);
    overlay(disk, base, "qcow2");
    forgetBackingFormat();
    Cli.Result result =
        cli.run(
            "base",
            "create",
            "vm",
            "--kind",
            "clone_base",
            "--disks-dir",
            vm.toString(),
            "--allow-backing",
            base.toString());
    result.assertError(5);
    assertTrue(result.err().contains("image rebase -u " + disk + " -b " + base), result.err());
    assertEquals(List.of(), cli.jsonList("base", "ls"));
  }

  /** Turns the header extension of the format into an unknown one. */
  private void forgetBackingFormat() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(disk));
    int position = 100;
    while (header.getInt(position) != BACKING_FORMAT) {
      position += Integer.BYTES;
    }
    header.putInt(position, UNKNOWN_EXTENSION);
    Files.write(disk, header.array());
  }

  @Test
  void each_image_below_is_recorded_with_its_format_and_shown() throws IOException {
    Path middle = vm.resolve("middle.qcow2");
    overlay(middle, raw, "raw");
    Files.delete(disk);
    overlay(disk, middle, "qcow2");
    assertEquals(5, register("--allow-backing", raw.toString()).code());
    assertEquals(List.of(), basesThatAreForeign());

    register("--allow-backing", raw.toString(), "--allow-backing", middle.toString()).object();

    List<Map<String, Object>> recorded = basesThatAreForeign();
    assertEquals(2, recorded.size());
    assertEquals("qcow2", recorded.get(0).get("format"));
    assertEquals(middle.toString(), recorded.get(0).get("base_path"));
    assertEquals(recorded.get(1).get("id"), recorded.get(0).get("parent_id"));
    assertEquals("raw", recorded.get(1).get("format"));
    assertEquals("clone_base", recorded.get(1).get("kind"));
    assertEquals("__global__", recorded.get(1).get("source_box_id"));
    assertTrue(cli.run("tree").out().contains("foreign, " + raw));
    assertEquals(0, cli.run("doctor").code());
  }

  @Test
  void it_is_never_deleted_nor_counted_as_reclaimable_and_can_be_given_back() throws IOException {
    register();
    cli.run("base", "rm", (String) foreign().get("id")).assertError(3);
    assertSucceeds("box", "rm", "vm", "--delete-disks");
    assertSucceeds("gc");
    assertArrayEquals(before, Files.readAllBytes(raw));
    assertEquals(1, basesThatAreForeign().size());
    assertEquals(0, ((Number) cli.json("du").get("reclaimable_bytes")).longValue());
    assertEquals(0, cli.run("doctor", "--deep").code());
    assertSucceeds("base", "rm", (String) foreign().get("id"));
    assertEquals(List.of(), basesThatAreForeign());
    assertArrayEquals(before, Files.readAllBytes(raw));
    assertEquals(0, cli.run("doctor").code());
  }

  @Test
  void a_fork_that_fails_leaves_no_record_of_it() {
    Path other = vm.resolveSibling("other.qcow2");
    Tool.run("qemu-img", "create", "-q", "-f", "qcow2", other, "1M");
    assertSucceeds("rootfs", "add", "key", other.toString());
    cli.run(
            "base",
            "create",
            "vm",
            "--kind",
            "rootfs",
            "--name",
            "key",
            "--disks-dir",
            vm.toString(),
            "--allow-backing",
            raw.toString())
        .assertError(6);
    assertEquals(List.of(), basesThatAreForeign());
    assertEquals(List.of(), cli.jsonList("box", "ls"));
  }

  @Test
  void a_box_goes_on_above_it_as_above_any_other_base() throws IOException {
    register();
    Path expected = vm.resolve("expected.raw");
    for (int i = 0; i < 4; i++) {
      writeInto(disk, 20 + i, 128 + 64 * i);
      assertSucceeds("snapshot", "create", "vm", "s" + i);
    }
    assertSucceeds("snapshot", "create", "vm", "copy", "--mode", "copy");
    Tool.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", disk, expected);
    assertSucceeds("clone", "vm", "other");
    for (int i = 0; i < 4; i++) {
      assertSucceeds("snapshot", "rm", "vm", "s" + i);
    }

    Map<String, Object> compacted = cli.json("box", "compact", "vm", "--max-depth", "1");

    assertEquals(foreign().get("id"), compacted.get("kept_base"));
    assertEquals(1, ((Number) compacted.get("depth_after")).intValue());
    Tool.run("qemu-img", "compare", "-f", "qcow2", "-F", "raw", disk, expected);
    assertEquals(0, cli.run("doctor", "--deep").code());
    assertSucceeds("snapshot", "create", "vm", "after");
    writeInto(disk, 40, 0);
    assertSucceeds("snapshot", "restore", "vm", "after");
    Tool.run("qemu-img", "compare", "-f", "qcow2", "-F", "raw", disk, expected);
    assertSucceeds("box", "create", "flat", "--image", disk.toString());
    assertSucceeds("box", "create", "direct", "--base", (String) foreign().get("id"));
    assertSucceeds("clone", "direct", "direct2");
    assertSucceeds("box", "rm", "vm", "--with-snapshots", "--delete-disks");
    assertSucceeds("box", "rm", "other");
    assertSucceeds("gc");
    assertEquals(0, cli.run("doctor", "--deep").code(), () -> cli.run("doctor").out());
    Path direct2 = cli.home().resolve("boxes/direct2/disks/disk.qcow2");
    Tool.run("qemu-img", "compare", "-f", "qcow2", "-F", "raw", direct2, raw);
    assertArrayEquals(before, Files.readAllBytes(raw));
  }

  @Test
  void one_that_was_changed_is_a_finding_and_nothing_new_stands_on_it() throws IOException {
    register();
    assertSucceeds("snapshot", "create", "vm", "s");
    Tool.run("qemu-io", "-f", "raw", "-c", "write -q -P 9 0 64k", raw);
    cli.run("clone", "vm@s", "other").assertError(5);
    assertEquals(7, cli.run("doctor").code());
  }

  @Test
  void a_box_s_disk_is_not_one() throws IOException {
    assertSucceeds("box", "create", "victim", "--size", "1M");
    Path victim = cli.home().resolve("boxes/victim/disks/disk.qcow2");
    Files.delete(disk);
    overlay(disk, victim, "qcow2");
    assertEquals(3, register("--allow-backing", victim.toString()).code());
    assertEquals(List.of(), basesThatAreForeign());
  }
}
