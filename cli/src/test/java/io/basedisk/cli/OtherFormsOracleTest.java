package io.basedisk.cli;

import static io.basedisk.cli.BoxDisks.assertHealthy;
import static io.basedisk.cli.BoxDisks.assertSame;
import static io.basedisk.cli.BoxDisks.disk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import io.basedisk.qcow2.testing.Qemu;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boxes travel in the forms of other programs, and QEMU compares their disks. */
@Tag("oracle")
class OtherFormsOracleTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli source;
  private Cli target;

  @BeforeAll
  static void assumeQemu() {
    Qemu.assumeInstalled();
  }

  @BeforeEach
  void make_a_box() throws IOException {
    directory = temporary.toRealPath();
    source = BoxDisks.makeGolden(directory.resolve("source"));
    target = new Cli(directory.resolve("target"));
  }

  private void assertImported(Map<String, Object> imported) {
    assertEquals(List.of(), imported.get("layers"));
    assertSame(disk(source, "golden"), disk(target, "web"));
    assertEquals(List.of(), target.jsonList("snapshot", "ls", "web"));
    assertHealthy(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"containerdisk", "podman-machine"})
  void a_box_that_is_pushed_as_an_image_is_pulled(String form) {
    String reference = "oci:" + directory.resolve("layout") + ":v1";

    Map<String, Object> pushed = source.json("push", "golden", reference, "--as", form);

    assertTrue(((String) pushed.get("reference")).contains("@sha256:"), () -> "" + pushed);
    assertImported(target.json("pull", reference, "web"));
    target.json("rootfs", "add", "golden", (String) pushed.get("reference"));
    target.json("box", "create", "again", "--rootfs", "golden");
    assertSame(disk(source, "golden"), disk(target, "again"));
  }

  @Test
  void a_box_that_is_exported_for_boxlite_is_imported() {
    Path archive = directory.resolve("golden.boxlite");

    Map<String, Object> exported =
        source.json("export", "golden", archive.toString(), "--format", "boxlite");

    assertEquals(archive.toString(), exported.get("reference"));
    assertImported(target.json("import", archive.toString(), "web"));
  }

  @Test
  void the_layers_of_an_archive_of_boxlite_become_bases() throws Exception {
    Path top =
        Path.of((String) source.json("snapshot", "create", "golden", "top").get("base_path"));
    Path below =
        Path.of(
            (String)
                source.jsonList("base", "ls").stream()
                    .map(Map.class::cast)
                    .filter(base -> !top.toString().equals(base.get("base_path")))
                    .findFirst()
                    .orElseThrow()
                    .get("base_path"));
    Path unpacked = Files.createDirectories(directory.resolve("unpacked/layers")).getParent();
    List<String> layers = List.of(layer(below, unpacked), layer(top, unpacked));
    Files.writeString(
        unpacked.resolve("manifest.json"),
        "{\"version\":6,\"box_name\":\"golden\",\"image\":\"\",\"exported_at\":"
            + "\"2026-01-02T03:04:05Z\",\"layers\":["
            + String.join(",", layers)
            + "]}");
    Path archive = directory.resolve("golden.boxlite");
    Tool.run("tar", "-C", unpacked, "-cf", archive, "manifest.json", "layers");

    Map<String, Object> imported = target.json("import", archive.toString(), "web");

    assertEquals(2, ((List<?>) imported.get("layers")).size());
    assertSame(disk(source, "golden"), disk(target, "web"));
    assertEquals(2, ((Number) target.json("box", "show", "web").get("depth")).intValue());
    assertHealthy(target);
  }

  /** Writes the canonical content of a base, and returns its entry in the manifest. */
  private static String layer(Path base, Path unpacked) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(base));
    int nameAt = (int) content.getLong(8);
    content.put(nameAt, new byte[content.getInt(16)]).putInt(16, 0);
    String digest = Hashing.sha256().hashBytes(content.array()).toString();
    Files.write(unpacked.resolve("layers").resolve(digest), content.array());
    return "{\"digest\":\"sha256:"
        + digest
        + "\",\"format\":\"qcow2\",\"virtual_size\":"
        + (64 << 20)
        + "}";
  }

  @Test
  void a_flat_image_reads_as_the_box_and_its_snapshot_and_needs_no_other_file() {
    Path now = directory.resolve("now.qcow2");
    Path clean = directory.resolve("clean.qcow2");
    Map<String, Object> base = source.json("snapshot", "create", "golden", "later");

    source.json("export", "golden", now.toString(), "--flat");
    source.json("export", "golden@later", clean.toString(), "--flat");

    assertSame(disk(source, "golden"), now);
    assertSame(Path.of((String) base.get("base_path")), clean);
    assertTrue(!Qemu.img("info", now).contains("backing file"), "a backing file");
    source.run("export", "golden", now.toString(), "--flat").assertError(6);
  }

  @Test
  void an_image_over_the_limit_leaves_no_box_and_no_temporary_file() throws IOException {
    Path temporaries = Files.createDirectory(directory.resolve("temporaries"));
    String reference = "oci:" + directory.resolve("layout") + ":v1";
    source.json("push", "golden", reference, "--as", "containerdisk");

    Cli.runAnywhere(
            Map.of("TMPDIR", temporaries.toString()),
            "--home",
            target.home().toString(),
            "pull",
            reference,
            "web",
            "--max-bytes",
            "1M")
        .assertError(3);

    try (var left = Files.list(temporaries)) {
      assertEquals(List.of(), left.toList());
    }
    assertEquals(List.of(), target.jsonList("box", "ls"));
  }
}
