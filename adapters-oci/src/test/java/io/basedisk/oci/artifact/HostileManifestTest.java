package io.basedisk.oci.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.layout.LayoutBlobs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests and configs that are not what they say: each is refused with its reason. */
class HostileManifestTest {

  private static final String TAG = "v1";

  @TempDir Path layout;
  @TempDir Path temporaries;

  private Map<String, Object> manifest;
  private Map<String, Object> config;

  @BeforeEach
  void publishAnArtifactOfTwoLayers() throws FormatException {
    Contents.publish(store(), Contents.bytes(150_000, 1), Contents.bytes(1000, 2));
    try (LayoutBlobs blobs = new LayoutBlobs(layout)) {
      byte[] bytes = blobs.manifest(TAG).orElseThrow();
      manifest = Json.read(bytes).members();
      config = Json.read(BlobInput.readAll(blobs, ManifestReader.read(bytes).config())).members();
    }
  }

  /** A change, and the reason by which it is refused. */
  record Change(String reason, Consumer<HostileManifestTest> change) {
    @Override
    public String toString() {
      return reason;
    }
  }

  static List<Change> changes() {
    return List.of(
        new Change("schemaVersion: expected 2", t -> t.manifest.put("schemaVersion", 1L)),
        new Change("schemaVersion: it is missing", t -> t.manifest.remove("schemaVersion")),
        new Change("a container image, not a disk", t -> t.manifest.remove("artifactType")),
        new Change(
            "an artifact of type \"application/vnd.example\"",
            t -> t.manifest.put("artifactType", "application/vnd.example")),
        new Change(
            "an index of several manifests", t -> t.manifest.put("mediaType", MediaTypes.INDEX)),
        new Change(
            "an index of several manifests",
            t -> t.manifest.put("mediaType", MediaTypes.DOCKER_INDEX)),
        new Change("an index of several manifests", t -> t.manifest.put("manifests", List.of())),
        new Change(
            "unknown media type \"text/html\"",
            t -> {
              t.manifest.remove("artifactType");
              t.manifest.put("mediaType", "text/html");
            }),
        new Change("config: expected an object", t -> t.manifest.put("config", List.of())),
        new Change("layers: it is missing", t -> t.manifest.remove("layers")),
        new Change("layers: expected an array", t -> t.manifest.put("layers", "none")),
        new Change("layers[1]: expected an object", t -> t.layers().set(1, 7L)),
        new Change(
            "layers[0].mediaType: unsupported layer type",
            t -> t.layer(0).put("mediaType", "application/vnd.oci.image.layer.v1.tar+gzip")),
        new Change(
            "layer 0, chunk 0: its media type is of format raw",
            t -> t.layer(0).put("mediaType", "application/vnd.basedisk.layer.v1.raw+zstd")),
        new Change(
            "layers[0].digest: unsupported digest",
            t -> t.layer(0).put("digest", "sha512:" + "0".repeat(128))),
        new Change(
            "layers[0].digest: invalid SHA-256",
            t -> t.layer(0).put("digest", "sha256:../../../../etc/passwd")),
        new Change("layers[0].size: -1 is negative", t -> t.layer(0).put("size", -1L)),
        new Change("layers[0].size: expected an integer", t -> t.layer(0).put("size", "12")),
        new Change("layers[0].size: expected an integer", t -> t.layer(0).put("size", 1e30)),
        new Change("layers[0].size: 0 bytes can't be", t -> t.layer(0).put("size", 0L)),
        new Change(
            "layers[0].size: 9223372036854775807 bytes can't be",
            t -> t.layer(0).put("size", Long.MAX_VALUE)),
        new Change("layers[0].annotations: it is missing", t -> t.layer(0).remove("annotations")),
        new Change(
            "chunk.bytes: expected a string", t -> t.annotations(0).put(Keys.CHUNK_BYTES, 65_536L)),
        new Change(
            "chunk.bytes: expected a decimal", t -> t.annotations(0).put(Keys.CHUNK_BYTES, "-1")),
        new Change(
            "chunk.bytes: expected a decimal",
            t -> t.annotations(0).put(Keys.CHUNK_BYTES, "99999999999999999999")),
        new Change(
            "chunk.bytes: a chunk has 1 to", t -> t.annotations(0).put(Keys.CHUNK_BYTES, "0")),
        new Change(
            "chunk.bytes: a chunk has 1 to",
            t -> t.annotations(0).put(Keys.CHUNK_BYTES, "536870913")),
        new Change(
            "layer 0: its chunks have 150001 bytes, not 150000",
            t -> t.annotations(0).put(Keys.CHUNK_BYTES, "65537")),
        new Change("layer 0, chunk 1: it has number 0", t -> t.annotations(1).put(Keys.CHUNK, "0")),
        new Change(
            "layer 0, chunk 2: the number of chunks can't be 4",
            t -> t.annotations(2).put(Keys.CHUNKS, "4")),
        new Change(
            "layer 0, chunk 0: the number of chunks can't be 0",
            t -> t.annotations(0).put(Keys.CHUNKS, "0")),
        new Change(
            "layer 1: chunk 1 is missing",
            t -> t.annotations(3).put(Keys.CHUNKS, "999999999999999999")),
        new Change(
            "layer 0, chunk 1: it belongs to layer",
            t -> t.annotations(1).put(Keys.LAYER_DIGEST, "sha256:" + "0".repeat(64))),
        new Change(
            "layers[4]: no layer of the config has this chunk",
            t -> {
              t.layers().add(t.layer(3));
              t.diffIds().add(t.diffIds().get(3));
            }),
        new Change(
            "diff_ids: they are not the digests of the chunks",
            t -> t.annotations(0).put(Keys.CHUNK_DIGEST, "sha256:" + "0".repeat(64))),
        new Change("diff_ids: they are not", t -> t.diffIds().remove(0)),
        new Change("config: rootfs: it is missing", t -> t.config.remove("rootfs")),
        new Change("config: io.basedisk.disk: it is missing", t -> t.config.remove(Keys.DISK)),
        new Change("config: invalid box name", t -> t.disk().put(Keys.BOX, "../web")),
        new Change("it is reserved", t -> t.disk().put(Keys.BOX, "__global__")),
        new Change("config: invalid size 0", t -> t.disk().put(Keys.VIRTUAL_SIZE, 0L)),
        new Change("config: invalid architecture", t -> t.config.put("architecture", "a\nb")),
        new Change("config: os: it is missing", t -> t.config.put("os", null)),
        new Change("0 layers, expected 1 to 1000", t -> t.diskLayers().clear()),
        new Change(
            "1001 layers, expected 1 to 1000",
            t -> {
              while (t.diskLayers().size() < 1001) {
                t.diskLayers().add(t.diskLayer(0));
              }
            }),
        new Change(
            "layer 1: its chain id is",
            t -> t.diskLayer(1).put(Keys.CHAIN_ID, "sha256:" + "0".repeat(64))),
        new Change("only the lowest layer can be raw", t -> t.diskLayer(1).put(Keys.FORMAT, "raw")),
        new Change("unsupported image format", t -> t.diskLayer(0).put(Keys.FORMAT, "vmdk")),
        new Change("invalid kind", t -> t.diskLayer(0).put(Keys.KIND, "root")),
        new Change("invalid name \"../x\"", t -> t.diskLayer(0).put(Keys.SNAPSHOT, "../x")),
        new Change(
            "a base of kind clone_base has no such name",
            t -> t.diskLayer(0).put(Keys.KIND, "clone_base")),
        new Change("bytes: a layer can't be empty", t -> t.diskLayer(0).put(Keys.BYTES, 0L)),
        new Change("bytes: -5 is negative", t -> t.diskLayer(0).put(Keys.BYTES, -5L)),
        new Change("not 9223372036854775807", t -> t.diskLayer(0).put(Keys.BYTES, Long.MAX_VALUE)),
        new Change("virtual_size: -1", t -> t.diskLayer(0).put(Keys.VIRTUAL_SIZE, -1L)),
        new Change("invalid time", t -> t.diskLayer(0).put(Keys.CREATED_AT, "yesterday")),
        new Change(
            "expected whole seconds",
            t -> t.diskLayer(0).put(Keys.CREATED_AT, "2026-01-02T03:04:05.5Z")),
        new Change(
            "expected whole seconds",
            t -> t.diskLayer(0).put(Keys.CREATED_AT, "+1000000000-12-31T00:00:00Z")));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void is_refused(Change change) throws IOException {
    change.change().accept(this);
    put();
    assertRefused(change.reason());
  }

  @Test
  void without_a_change_it_is_accepted() throws IOException {
    put();
    try (ArtifactStore store = store()) {
      assertEquals(2, store.artifact().layers().size());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no|no valid JSON",
        "[]|no JSON object",
        "{} {}|more after the JSON object",
        "{\"a\":1,\"a\":2}|Duplicate field",
        "{\"a\":\"\\ud800\"}|unpaired surrogate",
        "{\"a\":1e99999999999}|a number is too large",
        "{\"a\":|no valid JSON",
      })
  void text_that_is_no_document_is_refused(String text, String reason) {
    putBytes(text.getBytes(UTF_8));
    assertRefused(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void deep_nesting_is_refused(String open) {
    putBytes(("{\"a\":" + open.repeat(100_000)).getBytes(UTF_8));
    assertRefused("nesting depth");
  }

  @Test
  void a_long_string_is_refused() {
    putBytes(("{\"a\":\"" + "x".repeat(100_000) + "\"}").getBytes(UTF_8));
    assertRefused("String value length");
  }

  @Test
  void many_values_are_refused() {
    putBytes(("{\"a\":[" + "1,".repeat(1_000_000) + "1]}").getBytes(UTF_8));
    assertRefused("Token count");
  }

  @Test
  void a_manifest_over_the_limit_is_refused() {
    putBytes(("{" + " ".repeat(Blobs.MAX_MANIFEST_BYTES) + "}").getBytes(UTF_8));
    assertRefused("the limit is 4194304");
  }

  @Test
  void a_manifest_that_does_not_have_the_digest_of_the_reference_is_refused() throws IOException {
    byte[] bytes = Json.write(manifest);
    String digest = Contents.digest(new byte[] {1}).toString();
    Files.write(layout.resolve("blobs/sha256").resolve(digest.substring(7)), bytes);
    try (ArtifactStore store = Stores.of(new LayoutBlobs(layout), digest, temporaries)) {
      String message = assertThrows(InvalidImageException.class, store::artifact).getMessage();
      assertTrue(message.contains("the digest of the manifest is"), message);
    }
  }

  @Test
  void a_config_with_another_digest_is_refused() throws IOException {
    byte[] bytes = Json.write(config);
    Path file = layout.resolve("blobs/sha256").resolve(Blobs.Blob.of(bytes).digest().hex());
    Files.writeString(file, new String(bytes, UTF_8).replace("web-1", "web-2"));
    assertRefused("config: its digest is");
  }

  @Test
  void a_missing_config_is_refused() throws IOException {
    Files.delete(
        layout.resolve("blobs/sha256").resolve(Blobs.Blob.of(Json.write(config)).digest().hex()));
    assertRefused("is missing");
  }

  @Test
  void a_config_that_declares_more_than_the_limit_is_not_read() {
    object(manifest, "config").put("size", 1L << 40);
    putBytes(Json.write(manifest));
    assertRefused("config: it has 1099511627776 bytes, the limit is");
  }

  @Test
  void a_config_with_more_bytes_than_declared_is_refused() {
    object(manifest, "config").put("size", 10L);
    putBytes(Json.write(manifest));
    assertRefused("more than the declared 10 bytes");
  }

  private void put() throws IOException {
    byte[] bytes = Json.write(config);
    Blobs.Blob blob = Blobs.Blob.of(bytes);
    manifest.computeIfPresent(
        "config",
        (key, old) ->
            old instanceof Map
                ? ImmutableMap.of(
                    "mediaType", MediaTypes.CONFIG,
                    "digest", blob.digest().toString(),
                    "size", blob.bytes())
                : old);
    Path file = Files.write(Files.createTempFile(layout, ".basedisk", ""), bytes);
    try (LayoutBlobs blobs = new LayoutBlobs(layout)) {
      blobs.write(blob, file, Progress.NONE);
    }
    putBytes(Json.write(manifest));
  }

  private void putBytes(byte[] bytes) {
    try (LayoutBlobs blobs = new LayoutBlobs(layout)) {
      blobs.putManifest(TAG, MediaTypes.MANIFEST, bytes);
    }
  }

  private void assertRefused(String reason) {
    try (ArtifactStore store = store()) {
      String message = assertThrows(InvalidImageException.class, store::artifact).getMessage();
      assertTrue(message.contains(reason), message);
      assertEquals(1, message.lines().count(), message);
    }
    File[] left = temporaries.toFile().listFiles();
    assertEquals(ImmutableList.of(), ImmutableList.copyOf(left));
  }

  private ArtifactStore store() {
    return Stores.of(new LayoutBlobs(layout), TAG, temporaries);
  }

  private List<Object> layers() {
    return array(manifest, "layers");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> layer(int number) {
    return (Map<String, Object>) layers().get(number);
  }

  private Map<String, Object> annotations(int number) {
    return object(layer(number), "annotations");
  }

  private Map<String, Object> disk() {
    return object(config, Keys.DISK);
  }

  private List<Object> diskLayers() {
    return array(disk(), Keys.LAYERS);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> diskLayer(int number) {
    return (Map<String, Object>) diskLayers().get(number);
  }

  private List<Object> diffIds() {
    return array(object(config, "rootfs"), "diff_ids");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> parent, String name) {
    return (Map<String, Object>) parent.get(name);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> array(Map<String, Object> parent, String name) {
    return (List<Object>) parent.computeIfAbsent(name, n -> new ArrayList<>());
  }
}
