package io.basedisk.cli;

import static io.basedisk.cli.BoxDisks.assertHealthy;
import static io.basedisk.cli.BoxDisks.assertSame;
import static io.basedisk.cli.BoxDisks.disk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.basedisk.oci.testing.RegistryProcess;
import io.basedisk.qcow2.testing.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Boxes travel through docker's registry. The source home has the box {@code golden} with the
 * snapshots {@code s1} to {@code s5}, and data above them: six layers of one chunk each.
 */
@Tag("oracle")
class RegistryTransfersOracleTest {

  private static final ImmutableList<String> SNAPSHOTS =
      ImmutableList.of("s1", "s2", "s3", "s4", "s5");

  private static final Pattern UPLOAD =
      Pattern.compile("^PUT /v2/.*/blobs/uploads/.*digest=sha256%3A([0-9a-f]{64}).* 201$");
  private static final Pattern DOWNLOAD =
      Pattern.compile("^GET /v2/.*/blobs/sha256:([0-9a-f]{64}) 200$");

  @TempDir private Path temporary;
  private Path directory;
  private RegistryProcess registry;
  private Cli source;

  @BeforeAll
  static void assumeTools() {
    Qemu.assumeInstalled();
    RegistryProcess.assumeInstalled(RegistryProcess.PROGRAM);
    RegistryProcess.assumeInstalled("skopeo");
  }

  @BeforeEach
  void start() throws IOException {
    directory = temporary.toRealPath();
    source = new Cli(directory.resolve("source"));
    source.json("box", "create", "golden", "--size", "64M");
    for (int i = 0; i < SNAPSHOTS.size(); i++) {
      write("golden", i);
      source.json("snapshot", "create", "golden", SNAPSHOTS.get(i));
    }
    write("golden", SNAPSHOTS.size());
    registry = RegistryProcess.start(Files.createDirectory(directory.resolve("registry")));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** Writes data that no other number gives, at a place of its own and over older data. */
  private void write(String box, int number) {
    Qemu.io(
        disk(source, box),
        List.of(
            "write -P " + (number + 1) + " " + number + "M 100k",
            "write -P " + (number + 101) + " 30M 64k"));
  }

  /** Returns the file of each snapshot, by its name. */
  private static Map<String, Path> snapshots(Cli home, String box) {
    return home.jsonList("snapshot", "ls", box).stream()
        .map(each -> (Map<?, ?>) each)
        .collect(
            toMap(
                each -> (String) each.get("name"),
                each -> Path.of((String) each.get("base_path"))));
  }

  private String reference(String rest) {
    return registry.host() + "/" + rest;
  }

  private static List<Object> of(Map<String, Object> result, String field) {
    return ((List<?>) result.get("layers"))
        .stream().map(layer -> (Object) ((Map<?, ?>) layer).get(field)).toList();
  }

  /** Copies a disk with all below it, so that it outlives its home. */
  private Path flat(String name, Path image) {
    Path copy = directory.resolve(name + ".flat");
    Qemu.img("convert", "-f", "qcow2", "-O", "qcow2", image, copy);
    return copy;
  }

  private static ImmutableSet<String> digests(List<String> requests, Pattern pattern) {
    return requests.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Returns the digits of the digests of the blobs in a list of descriptors. */
  private static List<String> digits(List<?> descriptors) {
    return descriptors.stream()
        .map(each -> ((String) ((Map<?, ?>) each).get("digest")).substring("sha256:".length()))
        .toList();
  }

  private Map<String, Object> manifest(String reference) throws Exception {
    byte[] raw =
        RegistryProcess.skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + reference);
    return JSON.std.mapFrom(new String(raw, UTF_8));
  }

  @Test
  void after_a_push_a_wiped_home_comes_back_by_a_pull() throws IOException {
    Path box = flat("box", disk(source, "golden"));
    snapshots(source, "golden").forEach(this::flat);
    Map<String, Object> pushed = source.json("push", "golden", reference("team/golden:v1"));
    MoreFiles.deleteRecursively(source.home(), RecursiveDeleteOption.ALLOW_INSECURE);

    Map<String, Object> pulled = source.json("pull", (String) pushed.get("reference"), "again");

    assertEquals(of(pushed, "digest"), of(pulled, "digest"));
    assertSame(box, disk(source, "again"));
    Map<String, Path> snapshots = snapshots(source, "again");
    assertEquals(ImmutableSet.copyOf(SNAPSHOTS), snapshots.keySet());
    snapshots.forEach((name, file) -> assertSame(directory.resolve(name + ".flat"), file));
    assertLineage(of(pulled, "base_id"));
    assertHealthy(source);
  }

  /** Each layer is on the one before it; all but the top one are the snapshots of the new box. */
  private void assertLineage(List<Object> bases) {
    for (int i = 0; i < bases.size(); i++) {
      Map<String, Object> base = source.json("base", "show", (String) bases.get(i));
      boolean isTop = i == SNAPSHOTS.size();
      assertEquals(i == 0 ? null : bases.get(i - 1), base.get("parent_id"));
      assertEquals(isTop ? "clone_base" : "snapshot", base.get("kind"));
      assertEquals(isTop ? null : SNAPSHOTS.get(i), base.get("name"));
      assertEquals(isTop ? "__global__" : "again", base.get("source_box_id"));
    }
  }

  @Test
  void a_box_that_shares_five_of_six_layers_moves_one() throws Exception {
    Cli target = new Cli(directory.resolve("target"));
    String repository = reference("golden");
    source.json("push", "golden", repository + ":v1");
    target.json("pull", repository + ":v1", "golden");
    source.json("clone", "golden@s5", "web");
    write("web", 7);
    int uploads = registry.requests(UPLOAD).size();
    int downloads = registry.awaitRequests(DOWNLOAD, 7).size();

    Map<String, Object> pushed = source.json("push", "web", repository + ":v2");
    Map<String, Object> pulled = target.json("pull", repository + ":v2", "web");

    List<String> sent = registry.awaitRequests(UPLOAD, uploads + 2);
    List<String> received = registry.awaitRequests(DOWNLOAD, downloads + 2);
    Map<String, Object> manifest = manifest(repository + ":v2");
    List<String> layers = digits((List<?>) manifest.get("layers"));
    ImmutableSet<String> moved =
        ImmutableSet.of(
            layers.get(SNAPSHOTS.size()), digits(List.of(manifest.get("config"))).get(0));
    assertEquals(6, layers.size());
    assertEquals(moved, digests(sent.subList(uploads, sent.size()), UPLOAD));
    assertEquals(moved, digests(received.subList(downloads, received.size()), DOWNLOAD));
    assertEquals(List.of(true, true, true, true, true, false), of(pushed, "skipped"));
    assertEquals(List.of(true, true, true, true, true, false), of(pulled, "reused"));
    assertSame(disk(source, "web"), disk(target, "web"));
    assertHealthy(target);
  }

  @Test
  void a_killed_push_shows_nothing_and_its_repeat_sends_the_rest() throws Exception {
    String reference = reference("golden:v1");

    killAtFirst(UPLOAD, source, "push golden@s5 " + reference);

    Set<String> before = digests(registry.requests(UPLOAD), UPLOAD);
    int uploads = registry.requests(UPLOAD).size();
    Cli target = new Cli(directory.resolve("target"));
    boolean isShown = target.run("pull", reference, "early").code() == 0;
    assertTrue(!isShown || uploads > SNAPSHOTS.size(), "an artifact without all layers");
    source.json("push", "golden@s5", reference);
    List<String> all = registry.requests(UPLOAD);
    Set<String> again = digests(all.subList(uploads, all.size()), UPLOAD);
    assertEquals(Set.of(), Sets.intersection(before, again), "sent twice");
    target.json("pull", reference, "golden");
    assertSame(snapshots(source, "golden").get("s5"), disk(target, "golden"));
    assertHealthy(source);
  }

  @Test
  void a_killed_pull_shows_no_box_and_its_repeat_uses_what_is_recorded() throws Exception {
    String reference = reference("golden:v1");
    source.json("push", "golden@s5", reference);
    Cli target = new Cli(directory.resolve("target"));

    killAtFirst(DOWNLOAD, target, "pull " + reference + " golden");

    boolean isThere = target.run("box", "show", "golden").code() == 0;
    int downloads = registry.requests(DOWNLOAD).size();
    assertTrue(!isThere || downloads > SNAPSHOTS.size(), "a box without all layers");
    Map<String, Object> pulled = target.json("pull", reference, "again");
    // Each layer is one chunk.
    List<String> layers = digits((List<?>) manifest(reference).get("layers"));
    Set<String> recorded = new HashSet<>();
    for (int i = 0; i < layers.size(); i++) {
      if (of(pulled, "reused").get(i).equals(true)) {
        recorded.add(layers.get(i));
      }
    }
    List<String> all = registry.requests(DOWNLOAD);
    Set<String> again = digests(all.subList(downloads, all.size()), DOWNLOAD);
    assertEquals(Set.of(), Sets.intersection(recorded, again), "transferred twice");
    assertSame(snapshots(source, "golden").get("s5"), disk(target, "again"));
    assertHealthy(target);
  }

  /** Runs a command in a process, and kills it when the registry has answered a first request. */
  private void killAtFirst(Pattern request, Cli home, String words) throws Exception {
    int before = registry.requests(request).size();
    Process process =
        JavaProcess.ofProgram(home, words)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    registry.awaitRequests(request, before + 1);
    process.destroyForcibly().waitFor();
  }

  @Test
  void layers_of_another_repository_are_mounted_and_not_sent() throws Exception {
    Cli target = new Cli(directory.resolve("target"));
    source.json("push", "golden@s5", reference("golden:v1"));
    int uploads = registry.requests(UPLOAD).size();

    Map<String, Object> pushed =
        source.json("push", "golden@s5", reference("copies/golden:v1"), "--mount-from", "golden");

    assertFalse(of(pushed, "skipped").contains(false));
    assertTrue(registry.requests(UPLOAD).size() <= uploads + 1, "only the config is sent");
    target.json("pull", reference("copies/golden:v1"), "golden");
    assertSame(snapshots(source, "golden").get("s5"), disk(target, "golden"));
  }

  @Test
  void a_second_push_sends_nothing_and_gives_the_same_digest() throws Exception {
    Map<String, Object> first = source.json("push", "golden@s5", reference("golden:v1"));
    int uploads = registry.requests(UPLOAD).size();

    Map<String, Object> second = source.json("push", "golden@s5", reference("golden:v2"));

    assertEquals(first.get("reference"), second.get("reference"));
    assertFalse(of(second, "skipped").contains(false));
    assertEquals(uploads, registry.requests(UPLOAD).size());
  }

  @Test
  void skopeo_copies_an_artifact_to_a_layout_and_back() throws Exception {
    source.json("push", "golden", reference("golden:v1"));
    String layout = "oci:" + directory.resolve("layout") + ":v1";
    RegistryProcess.skopeo(
        "copy", "--src-tls-verify=false", "docker://" + reference("golden:v1"), layout);
    RegistryProcess.skopeo(
        "copy", "--dest-tls-verify=false", layout, "docker://" + reference("copied:v1"));

    new Cli(directory.resolve("one")).json("pull", layout, "web");
    Cli two = new Cli(directory.resolve("two"));
    two.json("pull", reference("copied:v1"), "web");

    assertSame(disk(source, "golden"), disk(new Cli(directory.resolve("one")), "web"));
    assertSame(disk(source, "golden"), disk(two, "web"));
    String seen =
        new String(
            RegistryProcess.skopeo(
                "inspect", "--tls-verify=false", "docker://" + reference("copied:v1")),
            UTF_8);
    assertTrue(seen.contains("\"io.basedisk.box\": \"golden\""), seen);
    assertEquals(manifest(reference("golden:v1")), manifest(reference("copied:v1")));
  }
}
