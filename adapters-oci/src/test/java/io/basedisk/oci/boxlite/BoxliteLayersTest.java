package io.basedisk.oci.boxlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.tar.Tars;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of version 6, in a tar archive and in a directory. */
class BoxliteLayersTest {

  private static final byte[] BASE = Contents.bytes(400_000, 1);
  private static final byte[] TOP = Archives.disk(70_000);
  private static final long VIRTUAL = 10L << 20;
  private static final String MANIFEST =
      Archives.layered(Archives.layer(BASE, "raw", 0), Archives.layer(TOP, "qcow2", VIRTUAL));
  private static final int LIMIT = 1 << 20;

  @TempDir Path directory;
  @TempDir Path temporaries;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_tar_archive_has_layers(boolean isCompressed) throws IOException {
    byte[] tar = good().bytes();
    try (BoxliteLayers layers = open(write(isCompressed ? Zstd.compress(tar) : tar))) {
      assertLayers(layers);
    }
    assertNothingLeft();
  }

  @Test
  void a_directory_has_compressed_layers() throws IOException {
    try (BoxliteLayers layers = open(writeDirectory())) {
      assertLayers(layers);
    }
    assertNothingLeft();
  }

  @Test
  void a_layer_that_occurs_twice_in_the_manifest_is_stored_once() throws IOException {
    String manifest =
        Archives.layered(
            Archives.layer(TOP, "qcow2", VIRTUAL), Archives.layer(TOP, "qcow2", VIRTUAL));
    Tars tar = layer(new Tars().file("manifest.json", manifest), TOP);
    try (BoxliteLayers layers = open(write(tar.bytes()))) {
      assertEquals(2, layers.artifact().layers().size());
    }
  }

  @Test
  void a_box_whose_name_is_not_valid_here_gets_another() throws IOException {
    Tars tar = layer(layer(new Tars(), BASE), TOP);
    tar.file("manifest.json", MANIFEST.replace("web-1", "../x"));
    try (BoxliteLayers layers = open(write(tar.bytes()))) {
      assertEquals(new BoxId("box"), layers.artifact().box());
    }
  }

  @Test
  void an_archive_can_not_be_changed() throws IOException {
    try (BoxliteLayers layers = open(write(good().bytes()))) {
      Layer layer = layers.artifact().layers().get(0).layer();
      assertThrows(
          RefusedException.class, () -> layers.write(layer, Contents.content(BASE), Progress.NONE));
      assertThrows(RefusedException.class, () -> layers.publish(layers.artifact()));
    }
  }

  @Test
  void a_layer_whose_file_was_changed_is_refused() throws IOException {
    try (BoxliteLayers layers = open(write(good().bytes()))) {
      Path file = temporaries.resolve(temporaries.toFile().list()[0]).resolve(Archives.hex(TOP));
      byte[] changed = TOP.clone();
      changed[9000]++;
      Files.write(file, changed);
      PackedLayer top = layers.artifact().layers().get(1);
      assertThrows(InvalidImageException.class, () -> layers.read(top, bytes -> {}, Progress.NONE));
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 1", "999, 2", "100, 10", "1, 1000", "334, 3"})
  void a_layer_is_cut_into_chunks(long chunkBytes, int count) {
    byte[] content = Contents.bytes(1000, 3);
    try (LayerSpool spool = new LayerSpool(temporaries.resolve("layer"), chunkBytes)) {
      spool.write(content, 700);
      spool.write(Arrays.copyOfRange(content, 700, 1000), 300);
      SpooledLayer layer = spool.complete();
      assertEquals(count, layer.chunks().size());
      assertEquals(1000, layer.chunks().stream().mapToLong(Chunk::contentBytes).sum());
      byte[] first = Arrays.copyOf(content, (int) chunkBytes);
      assertEquals(Contents.digest(first), layer.chunks().get(0).content());
      assertEquals(Contents.digest(content), layer.digest());
    }
  }

  // Hostile archives.

  @Test
  void a_layer_with_other_content() throws IOException {
    Tars tar = new Tars().file("layers/" + Archives.hex(TOP), BASE);
    assertInvalid(write(tar.bytes()), "its digest is sha256:" + Archives.hex(BASE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"layers/x", "layers/a/b", "layers/00.zst"})
  void a_layer_whose_name_is_no_digest(String name) throws IOException {
    assertInvalid(write(good().extended("path", name).file("x", TOP).bytes()), "is no SHA-256");
  }

  @Test
  void a_layer_that_is_missing() throws IOException {
    Tars tar = layer(new Tars().file("manifest.json", MANIFEST), BASE);
    assertInvalid(write(tar.bytes()), "layer sha256:" + Archives.hex(TOP) + " is missing");
  }

  @Test
  void a_layer_that_the_manifest_does_not_name() throws IOException {
    Tars tar = layer(good(), Contents.bytes(9, 9));
    assertInvalid(write(tar.bytes()), "layers that the manifest does not name");
  }

  @Test
  void a_layer_that_occurs_twice() throws IOException {
    assertInvalid(write(layer(good(), TOP).bytes()), "it occurs twice");
  }

  @Test
  void an_empty_layer() throws IOException {
    assertInvalid(write(layer(good(), new byte[0]).bytes()), "it is empty");
  }

  @Test
  void layers_larger_than_the_limit_together() throws IOException {
    Tars tar = layer(layer(new Tars(), Contents.bytes(600_000, 1)), Contents.bytes(600_000, 2));
    assertRefused(write(tar.bytes()), "its disk has 1200000 bytes, more than the limit of 1048576");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"format\": \"qcow2\"; \"format\": \"raw\"; only the lowest layer can be raw",
        "\"format\": \"qcow2\"; \"format\": \"vmdk\"; layers[1].format: ",
        "\"format\": \"qcow2\"; \"size\": 1; layers[1].format: it is missing",
        "sha256:; sha512:; layers[0].digest: unsupported digest",
        "sha256:; sha256:0; layers[0].digest: invalid SHA-256",
        "\"virtual_size\": 10485760; \"virtual_size\": -1; is negative",
        "\"virtual_size\": 10485760; \"virtual_size\": 9223372036854775808; expected an integer",
        "exported_at; exported; exported_at: it is missing"
      })
  void a_manifest_that_is_not_valid(String present, String changed, String reason)
      throws IOException {
    Tars tar = layer(layer(new Tars(), BASE), TOP);
    tar.file("manifest.json", MANIFEST.replace(present, changed));
    assertInvalid(write(tar.bytes()), reason);
  }

  @Test
  void more_layers_than_the_limit() throws IOException {
    String layer = Archives.layer(TOP, "qcow2", VIRTUAL);
    Tars tar =
        layer(new Tars(), TOP)
            .file(
                "manifest.json",
                Archives.layered(Collections.nCopies(1001, layer).toArray(String[]::new)));
    assertInvalid(write(tar.bytes()), "1001 layers, the limit is 1000");
  }

  @Test
  void a_directory_without_a_manifest_is_not_complete() throws IOException {
    Path root = writeDirectory();
    Files.delete(root.resolve("manifest.json"));
    assertInvalid(root, "manifest.json is missing");
  }

  @Test
  void a_directory_whose_layer_is_missing() throws IOException {
    Path root = writeDirectory();
    Files.delete(layerFile(root, TOP));
    assertInvalid(root, "layer sha256:" + Archives.hex(TOP) + " is missing");
  }

  @Test
  void a_directory_whose_layer_is_a_link() throws IOException {
    Path root = writeDirectory();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(layerFile(root, TOP), elsewhere);
    Files.createSymbolicLink(layerFile(root, TOP), elsewhere);
    assertInvalid(root, "it is no regular file");
  }

  @Test
  void a_directory_whose_manifest_is_a_link() throws IOException {
    Path root = writeDirectory();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(root.resolve("manifest.json"), elsewhere);
    Files.createSymbolicLink(root.resolve("manifest.json"), elsewhere);
    assertInvalid(root, "it is no regular file");
  }

  @Test
  void a_directory_whose_layers_are_a_link() throws IOException {
    Path root = writeDirectory();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(root.resolve("layers"), elsewhere);
    Files.createSymbolicLink(root.resolve("layers"), elsewhere);
    assertInvalid(root, "\"layers\" is no directory");
  }

  @Test
  void a_directory_whose_layer_is_not_compressed() throws IOException {
    Path root = writeDirectory();
    Files.write(layerFile(root, TOP), TOP);
    assertInvalid(root, "it is not compressed with zstd");
  }

  @Test
  void a_directory_whose_layer_is_a_bomb() throws IOException {
    Path root = writeDirectory();
    Files.write(layerFile(root, TOP), Zstd.compress(new byte[LIMIT]));
    assertInvalid(root, "it has more than " + (LIMIT - BASE.length) + " bytes, the limit");
  }

  @Test
  void a_directory_whose_layer_is_cut_off() throws IOException {
    Path root = writeDirectory();
    byte[] whole = Files.readAllBytes(layerFile(root, TOP));
    Files.write(layerFile(root, TOP), Arrays.copyOf(whole, whole.length - 1));
    assertInvalid(root, "layer sha256:" + Archives.hex(TOP) + ": its compressed data");
  }

  @Test
  void a_directory_with_a_disk_instead_of_layers() throws IOException {
    Path root = writeDirectory();
    Files.writeString(root.resolve("manifest.json"), Archives.manifest(5, ""));
    assertInvalid(root, "its manifest has no layers");
  }

  private static Tars good() {
    return layer(layer(new Tars().file("manifest.json", MANIFEST).directory("layers"), BASE), TOP);
  }

  private static Tars layer(Tars tar, byte[] content) {
    return tar.file("layers/" + Archives.hex(content), content);
  }

  private Path writeDirectory() throws IOException {
    Path root = Files.createDirectory(directory.resolve("archive"));
    Files.createDirectory(root.resolve("layers"));
    for (byte[] content : List.of(BASE, TOP)) {
      Files.write(layerFile(root, content), Zstd.compress(content));
    }
    Files.writeString(root.resolve("manifest.json"), MANIFEST);
    return root;
  }

  private static Path layerFile(Path root, byte[] content) {
    return root.resolve("layers").resolve(Archives.hex(content) + ".zst");
  }

  private Path write(byte[] archive) throws IOException {
    return Files.write(directory.resolve("box.boxlite"), archive);
  }

  private BoxliteLayers open(Path archive) {
    return assertInstanceOf(
        BoxliteLayers.class, BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE));
  }

  private static void assertLayers(BoxliteLayers layers) {
    Artifact artifact = layers.artifact();
    assertEquals(6, layers.version());
    assertEquals(new BoxId("web-1"), artifact.box());
    assertEquals(VIRTUAL, artifact.virtualSize().bytes());
    assertEquals(ImmutableList.of("web-1"), layers.list());
    Layer base = artifact.layers().get(0).layer();
    Instant time = Instant.parse("2026-01-02T03:04:05Z");
    assertEquals(
        new Layer(
            ImageFormat.RAW,
            Contents.digest(BASE),
            BASE.length,
            BASE.length,
            BaseDiskKind.CLONE_BASE,
            null,
            time),
        base);
    assertEquals(VIRTUAL, artifact.layers().get(1).layer().virtualSize());
    assertTrue(layers.has(artifact.layers().get(0)));
    assertFalse(layers.has(other()));
    assertArrayEquals(BASE, content(layers, 0));
    assertArrayEquals(TOP, content(layers, 1));
  }

  private static PackedLayer other() {
    byte[] bytes = Contents.bytes(10, 10);
    return new PackedLayer(
        Contents.layer(bytes),
        ImmutableList.of(
            new Chunk(Contents.digest(bytes), 10, Contents.digest(bytes), bytes.length)));
  }

  private static byte[] content(BoxliteLayers layers, int number) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    layers.read(
        layers.artifact().layers().get(number),
        bytes -> {
          byte[] part = new byte[bytes.remaining()];
          bytes.get(part);
          content.writeBytes(part);
        },
        Progress.NONE);
    return content.toByteArray();
  }

  private void assertInvalid(Path archive, String reason) {
    check(InvalidImageException.class, archive, reason);
  }

  private void assertRefused(Path archive, String reason) {
    check(RefusedException.class, archive, reason);
  }

  private void check(Class<? extends BaseDiskException> type, Path archive, String reason) {
    String message =
        assertThrows(
                type, () -> BoxliteArchive.open(archive, LIMIT, temporaries, Progress.NONE).close())
            .getMessage();
    assertTrue(message.startsWith(archive.toString()), message);
    assertTrue(message.contains(reason), message);
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertEquals(0, temporaries.toFile().list().length);
  }
}
