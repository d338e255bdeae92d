package io.basedisk.oci.artifact;

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
import io.basedisk.oci.blob.MediaTypes;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.layout.LayoutBlobs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An artifact of two layers in a layout, to change its documents. */
abstract class ManifestFixture {

  static final String TAG = "v1";

  @TempDir Path layout;
  @TempDir Path temporaries;

  Map<String, Object> manifest;
  Map<String, Object> config;

  @BeforeEach
  void publishAnArtifactOfTwoLayers() throws FormatException {
    Contents.publish(store(), Contents.bytes(150_000, 1), Contents.bytes(1000, 2));
    try (LayoutBlobs blobs = new LayoutBlobs(layout)) {
      byte[] bytes = blobs.manifest(TAG).orElseThrow();
      manifest = Json.read(bytes).members();
      config = Json.read(BlobInput.readAll(blobs, ManifestReader.read(bytes).config())).members();
    }
  }

  void put() throws IOException {
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

  void putBytes(byte[] bytes) {
    try (LayoutBlobs blobs = new LayoutBlobs(layout)) {
      blobs.putManifest(TAG, MediaTypes.MANIFEST, bytes);
    }
  }

  void assertRefused(String reason) {
    try (ArtifactStore store = store()) {
      String message = assertThrows(InvalidImageException.class, store::artifact).getMessage();
      assertTrue(message.contains(reason), message);
      assertEquals(1, message.lines().count(), message);
    }
    File[] left = temporaries.toFile().listFiles();
    assertEquals(ImmutableList.of(), ImmutableList.copyOf(left));
  }

  ArtifactStore store() {
    return Stores.of(new LayoutBlobs(layout), TAG, temporaries);
  }

  List<Object> layers() {
    return array(manifest, "layers");
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> layer(int number) {
    return (Map<String, Object>) layers().get(number);
  }

  Map<String, Object> annotations(int number) {
    return object(layer(number), "annotations");
  }

  Map<String, Object> disk() {
    return object(config, Keys.DISK);
  }

  List<Object> diskLayers() {
    return array(disk(), Keys.LAYERS);
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> diskLayer(int number) {
    return (Map<String, Object>) diskLayers().get(number);
  }

  List<Object> diffIds() {
    return array(object(config, "rootfs"), "diff_ids");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Map<String, Object> parent, String name) {
    return (Map<String, Object>) parent.get(name);
  }

  @SuppressWarnings("unchecked")
  static List<Object> array(Map<String, Object> parent, String name) {
    return (List<Object>) parent.computeIfAbsent(name, n -> new ArrayList<>());
  }
}
