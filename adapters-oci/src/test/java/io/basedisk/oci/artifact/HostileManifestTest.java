package io.basedisk.oci.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.oci.blob.MediaTypes;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests and configs that are not what they say: each is refused with its reason. */
class HostileManifestTest extends ManifestFixture {

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
}
