package io.basedisk.oci.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.oci.archive.ArchiveReader;
import io.basedisk.oci.archive.ArchiveWriter;
import io.basedisk.oci.layout.LayoutBlobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** skopeo, a tool for container images, accepts our artifacts and copies them unchanged. */
@Tag("oracle")
class SkopeoOracleTest {

  @TempDir Path directory;
  @TempDir Path temporaries;

  private Path layout;
  private Artifact artifact;

  @BeforeAll
  static void assumeSkopeo() {
    assumeTrue(
        Splitter.on(':')
            .splitToStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "skopeo"))),
        "skopeo is not installed");
  }

  @BeforeEach
  void export() {
    layout = directory.resolve("layout");
    artifact =
        Contents.publish(
            Stores.of(new LayoutBlobs(layout), "v1", temporaries),
            Contents.bytes(200_000, 1),
            Contents.bytes(200_000, 1),
            Contents.bytes(3_000, 2));
  }

  @Test
  void inspects_a_layout() throws Exception {
    String seen = skopeo("inspect", "oci:" + layout + ":v1");
    assertTrue(seen.contains("\"io.basedisk.box\": \"web-1\""), seen);
    assertTrue(seen.contains("\"Architecture\": \"amd64\""), seen);
    assertTrue(seen.contains("\"Created\": \"2026-01-02T03:04:05Z\""), seen);
  }

  @Test
  void reads_the_config_as_that_of_an_image() throws Exception {
    String seen = skopeo("inspect", "--config", "oci:" + layout + ":v1");
    assertTrue(seen.contains(artifact.layers().get(0).chunks().get(0).content().toString()), seen);
  }

  @Test
  void copies_a_layout_without_a_change() throws Exception {
    Path copy = directory.resolve("copy");
    skopeo("--insecure-policy", "copy", "oci:" + layout + ":v1", "dir:" + copy);
    byte[] manifest = new LayoutBlobs(layout).manifest("v1").orElseThrow();
    assertArrayEquals(manifest, Files.readAllBytes(copy.resolve("manifest.json")));
  }

  @Test
  void a_layout_that_it_wrote_is_read() throws Exception {
    Path copy = directory.resolve("copy");
    skopeo("--insecure-policy", "copy", "oci:" + layout + ":v1", "oci:" + copy + ":v2");
    try (ArtifactStore store = Stores.of(new LayoutBlobs(copy), "v2", temporaries)) {
      assertEquals(artifact, store.artifact());
    }
  }

  @Test
  void an_archive_that_it_wrote_is_read() throws Exception {
    Path archive = directory.resolve("disk.tar");
    skopeo("--insecure-policy", "copy", "oci:" + layout + ":v1", "oci-archive:" + archive + ":v2");
    try (ArtifactStore store =
        ArtifactStore.ofOnly(ArchiveReader.open(archive), "disk.tar", temporaries)) {
      assertEquals(artifact, store.artifact());
    }
  }

  @Test
  void reads_an_archive() throws Exception {
    Path archive = directory.resolve("disk.tar");
    Contents.publish(
        Stores.of(ArchiveWriter.create(archive), "v1", temporaries), Contents.bytes(9_000, 3));
    String seen = skopeo("inspect", "oci-archive:" + archive + ":v1");
    assertTrue(seen.contains("\"io.basedisk.box\": \"web-1\""), seen);
  }

  private static String skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo"));
    command.addAll(ImmutableList.copyOf(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return exit == 0 ? output : fail(command + " exited with " + exit + "\n" + output);
  }
}
