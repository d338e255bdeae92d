package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.HomeListing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boxes from images, rootfs and bases, and the rootfs cache, by the command line on real files. */
class RootfsCommandTest {

  private static final int BLOCK = 64 << 10;

  @TempDir private Path temporary;
  private Path directory;
  private Path home;
  private Cli cli;
  private Path raw;

  @BeforeEach
  void make_a_home_and_an_image() throws IOException {
    directory = temporary.toRealPath();
    home = directory.resolve("home");
    cli = new Cli(home);
    cli.json("home", "init");
    raw = rawImage("image.raw", 7);
  }

  private Path rawImage(String name, int value) throws IOException {
    byte[] content = new byte[1 << 20];
    Arrays.fill(content, 3 * BLOCK, 4 * BLOCK, (byte) value);
    return Files.write(directory.resolve(name), content);
  }

  private byte[] contentOf(String disk) throws IOException {
    Path flat = directory.resolve("flat-" + System.nanoTime());
    assertEquals(
        0, cli.run("image", "convert", disk, flat.toString(), "-O", "raw").code(), "convert");
    return Files.readAllBytes(flat);
  }

  // Boxes.

  @Test
  void a_box_from_a_raw_image_has_its_content_flat() throws IOException {
    Map<String, Object> box =
        cli.json("box", "create", "web", "--image", raw.toString(), "--format", "raw");

    assertEquals(1 << 20, box.get("virtual_size"));
    assertEquals(0, box.get("depth"));
    assertFalse(box.containsKey("base_id"));
    assertTrue(Arrays.equals(Files.readAllBytes(raw), contentOf((String) box.get("disk"))));
    assertEquals(List.of("disk.qcow2"), namesIn(home.resolve("boxes/web/disks")));
  }

  @Test
  void a_box_may_be_larger_than_its_image() throws IOException {
    Object disk =
        cli.json("box", "create", "web", "--image", raw.toString(), "--format=raw", "--size=2M")
            .get("disk");

    byte[] content = contentOf((String) disk);
    assertEquals(2 << 20, content.length);
    assertTrue(
        Arrays.equals(Files.readAllBytes(raw), Arrays.copyOf(content, 1 << 20)), "the image");
    assertTrue(
        Arrays.equals(new byte[1 << 20], Arrays.copyOfRange(content, 1 << 20, 2 << 20)),
        "what it lacks");
  }

  @Test
  void a_raw_image_is_never_guessed() {
    assertRefused(5, "box", "create", "web", "--image", raw.toString());
    assertRefused(5, "rootfs", "add", "k", raw.toString());
  }

  @Test
  void a_backing_file_is_only_opened_if_it_is_allowed() throws IOException {
    String overlay = overlayOf(raw);

    assertRefused(5, "box", "create", "web", "--image", overlay);
    assertRefused(5, "rootfs", "add", "k", overlay);
    assertTrue(
        cli.run("box", "create", "web", "--image", overlay)
            .err()
            .contains("--allow-backing " + raw));

    Object disk =
        cli.json("box", "create", "web", "--image", overlay, "--allow-backing", raw.toString())
            .get("disk");
    cli.json("rootfs", "add", "k", overlay, "--allow-backing", raw.toString());
    assertTrue(Arrays.equals(Files.readAllBytes(raw), contentOf((String) disk)));
  }

  private String overlayOf(Path backing) {
    String overlay = directory.resolve("overlay.qcow2").toString();
    cli.json("image", "create", overlay, "1M", "-b", backing.toString(), "-F", "raw");
    return overlay;
  }

  @Test
  void a_file_that_is_no_image_or_is_not_there_changes_nothing() throws IOException {
    Path truncated = directory.resolve("truncated.qcow2");
    cli.json("image", "create", truncated.toString(), "1M");
    Files.write(truncated, Arrays.copyOf(Files.readAllBytes(truncated), 70_000));
    String nowhere = directory.resolve("nowhere").toString();
    Path empty = Files.createFile(directory.resolve("empty"));

    for (List<String> taking :
        List.of(List.of("box", "create", "web", "--image"), List.of("rootfs", "add", "k"))) {
      assertRefused(5, args(taking, truncated.toString()));
      assertRefused(5, args(taking, directory.toString()));
      assertRefused(5, args(taking, empty.toString()));
      assertRefused(5, args(taking, empty.toString(), "--format", "raw"));
      assertRefused(4, args(taking, nowhere));
    }
  }

  private static String[] args(List<String> start, String... rest) {
    return Stream.concat(start.stream(), Arrays.stream(rest)).toArray(String[]::new);
  }

  @Test
  void a_disk_or_base_of_the_home_is_an_image_with_its_bases() throws IOException {
    Object disk =
        cli.json("box", "create", "web", "--image", raw.toString(), "--format", "raw").get("disk");
    Object base = cli.json("snapshot", "create", "web", "clean").get("base_path");

    Object ofDisk = cli.json("box", "create", "a", "--image", (String) disk).get("disk");
    Object ofBase = cli.json("box", "create", "b", "--image", (String) base).get("disk");

    assertTrue(Arrays.equals(Files.readAllBytes(raw), contentOf((String) ofDisk)));
    assertTrue(Arrays.equals(Files.readAllBytes(raw), contentOf((String) ofBase)));
    assertEquals(0, cli.json("box", "show", "a").get("depth"));
  }

  @Test
  void a_box_on_a_base_may_be_larger_and_not_smaller() {
    cli.json("box", "create", "src", "--size", "1M");
    String base = (String) cli.json("base", "create", "src", "--kind", "clone_base").get("id");

    assertRefused(2, "box", "create", "small", "--base", base, "--size", "64K");
    assertRefused(4, "box", "create", "b", "--base", "00000000");
    Map<String, Object> box = cli.json("box", "create", "b", "--base", base, "--size", "3M");

    assertEquals(3 << 20, box.get("virtual_size"));
    assertEquals(base, box.get("base_id"));
    assertEquals(1, box.get("depth"));
    assertEquals(base, cli.json("box", "create", "c", "--base", base).get("base_id"));
  }

  @Test
  void an_image_smaller_than_the_size_is_grown_and_a_larger_one_refused() {
    assertRefused(
        2, "box", "create", "b", "--image", raw.toString(), "--format", "raw", "--size", "64K");
    assertRefused(
        2, "box", "create", "b", "--image", raw.toString(), "--format=raw", "--size=8388607T");
  }

  // The cache.

  @Test
  void an_entry_is_added_listed_used_and_removed() {
    Map<String, Object> added =
        cli.json("rootfs", "add", "debian", raw.toString(), "--format", "raw");
    assertEquals("rootfs", added.get("kind"));
    assertEquals("__global__", added.get("source_box_id"));
    assertEquals("debian", added.get("name"));

    Map<?, ?> entry = (Map<?, ?>) cli.jsonList("rootfs", "ls").get(0);
    assertTrue(((String) entry.get("digest")).matches("[0-9a-f]{64}"), entry.toString());
    assertTrue(((Number) entry.get("last_used_at")).longValue() > 0);
    assertEquals(added.get("id"), entry.get("id"));

    Map<String, Object> box = cli.json("box", "create", "web", "--rootfs", "debian", "--size=2M");
    assertEquals(added.get("id"), box.get("base_id"));
    assertEquals(2 << 20, box.get("virtual_size"));
    assertRefused(3, "rootfs", "rm", "debian");
    assertRefused(4, "rootfs", "rm", "none");
    assertRefused(4, "box", "create", "b", "--rootfs", "none");
    assertRefused(2, "box", "create", "b", "--rootfs", "debian", "--size", "64K");

    cli.json("box", "rm", "web");
    Map<String, Object> removed = cli.json("rootfs", "rm", "debian");
    assertEquals(Set.of("removed", "collected", "freed_bytes"), removed.keySet());
    assertEquals(List.of(added.get("id")), removed.get("collected"));
    assertEquals(List.of(), cli.jsonList("rootfs", "ls"));
  }

  @Test
  void the_same_content_in_another_format_is_the_same_entry() {
    String qcow2 = directory.resolve("image.qcow2").toString();
    cli.json("image", "convert", raw.toString(), qcow2, "--format", "raw", "-c", "zlib");
    Object first = cli.json("rootfs", "add", "k", raw.toString(), "--format", "raw").get("id");

    assertEquals(first, cli.json("rootfs", "add", "k", qcow2).get("id"));
    assertEquals(1, cli.jsonList("base", "ls").size());
  }

  @Test
  void a_superseded_version_leaves_with_its_last_box_without_a_command() throws IOException {
    Object old = cli.json("rootfs", "add", "k", raw.toString(), "--format", "raw").get("id");
    cli.json("box", "create", "web", "--rootfs", "k");
    Path other = rawImage("other.raw", 8);
    Object next = cli.json("rootfs", "add", "k", other.toString(), "--format", "raw").get("id");

    assertEquals(old, cli.json("box", "show", "web").get("base_id"));
    assertEquals(1, cli.jsonList("rootfs", "ls").size());
    assertEquals(2, cli.jsonList("base", "ls", "--kind", "rootfs").size());
    assertEquals(List.of(old), cli.json("box", "rm", "web").get("collected"));
    assertEquals(
        next, ((Map<?, ?>) cli.jsonList("base", "ls", "--kind", "rootfs").get(0)).get("id"));
  }

  @Test
  void pruning_takes_the_least_recently_used_and_never_what_a_box_needs() throws IOException {
    for (String key : List.of("a", "b", "c")) {
      Path image = rawImage(key, key.charAt(0));
      cli.json("rootfs", "add", key, image.toString(), "--format", "raw");
    }
    cli.json("box", "create", "web", "--rootfs", "b");
    cli.json("box", "create", "gone", "--rootfs", "a");
    cli.json("box", "rm", "gone");

    Map<String, Object> nothing = cli.json("rootfs", "prune", "--max-bytes", "1G");
    assertEquals(List.of(), nothing.get("removed"));
    Map<String, Object> pruned = cli.json("rootfs", "prune", "--max-bytes", "0");

    assertEquals(Set.of("removed", "collected", "freed_bytes"), pruned.keySet());
    assertEquals(List.of("c", "a"), pruned.get("removed"));
    assertTrue(((Number) pruned.get("freed_bytes")).longValue() >= 2 * BLOCK, pruned.toString());
    assertEquals(
        "b", ((Map<?, ?>) cli.jsonList("rootfs", "ls").get(0)).get("name"), "a box needs it");
  }

  @Test
  void everything_is_gone_and_the_doctor_is_content_at_the_end() {
    cli.json("rootfs", "add", "k", raw.toString(), "--format", "raw");
    cli.json("box", "create", "web", "--rootfs", "k");
    cli.json("box", "create", "other", "--image", raw.toString(), "--format", "raw");
    assertEquals(List.of(), cli.json("doctor", "--deep").get("findings"));
    cli.json("box", "rm", "web");
    cli.json("box", "rm", "other");
    cli.json("rootfs", "prune", "--max-bytes", "0");

    assertEquals(List.of(), namesIn(home.resolve("bases")));
    assertEquals(List.of(), namesIn(home.resolve("boxes")));
  }

  private static List<String> namesIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks that a command fails with that code and a reason, and changes nothing. */
  private void assertRefused(int code, String... args) {
    Map<String, String> before = HomeListing.of(home);

    Cli.Result result = cli.run(args);

    result.assertError(code);
    assertEquals(before, HomeListing.of(home));
  }

  // From an artifact.

  @Test
  void a_rootfs_from_a_layout_has_the_content_of_the_disk_that_was_pushed() throws IOException {
    String reference = push();

    Map<String, Object> base = add("debian", reference, "--json").object();
    Map<String, Object> box = cli.json("box", "create", "copy", "--rootfs", "debian");

    assertFalse(base.containsKey("parent_id"), "an entry is flat");
    assertTrue(Arrays.equals(Files.readAllBytes(raw), contentOf((String) box.get("disk"))));
    assertEquals(reference, origin());
    assertEquals(List.of(), namesIn(temporaries()), "temporary files");
  }

  @Test
  void an_artifact_that_is_damaged_or_over_the_limit_adds_nothing() throws IOException {
    String reference = push();

    add("debian", reference, "--max-bytes", "64K").assertError(3);
    try (Stream<Path> blobs = Files.list(directory.resolve("layout/blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);
      }
    }
    add("debian", reference).assertError(5);
    assertEquals(List.of(), cli.jsonList("rootfs", "ls"));
    assertEquals(List.of(), namesIn(temporaries()), "temporary files");
  }

  @Test
  void options_of_an_image_and_of_a_reference_do_not_mix() throws IOException {
    String reference = push();

    add("a", reference, "--allow-backing", raw.toString()).assertError(2);
    add("a", raw.toString(), "--max-bytes", "1G").assertError(2);
  }

  @Test
  void a_file_that_exists_is_an_image_even_if_its_name_could_be_a_reference() throws IOException {
    Path named = Files.createDirectory(directory.resolve("images.example")).resolve("debian");
    Files.copy(raw, named);

    cli.json("rootfs", "add", "debian", named.toString(), "--format", "raw");

    assertEquals(named.toString(), origin());
  }

  /** Pushes a box of the image to a new layout, and returns the reference. */
  private String push() throws IOException {
    Files.createDirectories(temporaries());
    String reference = "oci:" + directory.resolve("layout") + ":v1";
    cli.json("box", "create", "web", "--image", raw.toString(), "--format", "raw");
    cli.json("push", "web", reference);
    cli.json("box", "rm", "web");
    return reference;
  }

  private Cli.Result add(String key, String source, String... options) {
    return Cli.runAnywhere(
        Map.of("TMPDIR", temporaries().toString()),
        Stream.concat(
                Stream.of("--home", home.toString(), "rootfs", "add", key, source),
                Arrays.stream(options))
            .toArray(String[]::new));
  }

  private Object origin() {
    return ((Map<?, ?>) cli.jsonList("rootfs", "ls").get(0)).get("origin");
  }

  private Path temporaries() {
    return directory.resolve("temporaries");
  }
}
