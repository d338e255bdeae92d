package io.basedisk.oci.image;

import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.blob.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents and blobs of images that are not what they say: each is refused with its reason. */
class HostileContainerImageTest extends ContainerDiskFixture {

  @Test
  void a_layer_that_is_cut_off() {
    byte[] tar = Arrays.copyOf(tar().bytes(), 5000);
    images.layer(Images.GZIP, tar).tag("v1");
    assertInvalid("layer 0: it is cut off");
  }

  @Test
  void a_layer_whose_compressed_data_is_cut_off() {
    byte[] layer = Images.gzip(tar().bytes());
    String diffId = Contents.digest(tar().bytes()).toString();
    images.layer(Images.GZIP, Arrays.copyOf(layer, layer.length - 1000), diffId).tag("v1");
    assertInvalid("layer 0: its compressed data is cut off");
  }

  @Test
  void a_layer_with_another_content_than_the_config_says() {
    images.layer(Images.GZIP, Images.gzip(tar().bytes()), "sha256:" + "a".repeat(64)).tag("v1");
    assertInvalid("layer 0: its content has the digest sha256:", "not sha256:aaaa");
  }

  @Test
  void a_layer_of_another_media_type() {
    images.layer("application/vnd.oci.image.layer.nondistributable.v1.tar", tar().bytes());
    images.tag("v1");
    assertInvalid("layer 0: unsupported media type \"application/vnd.oci.image.layer.non");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 5000})
  void a_blob_that_was_changed(int at) throws IOException {
    images.layer(Images.TAR, tar().bytes()).tag("v1");
    Path blob = layerFile();
    byte[] changed = Files.readAllBytes(blob);
    changed[at] ^= 1;
    Files.write(blob, changed);
    assertInvalid("layer 0: ");
  }

  @Test
  void a_gzip_blob_that_was_changed_after_its_end() throws IOException {
    byte[] layer = Images.gzip(tar().bytes());
    String diffId = Contents.digest(tar().bytes()).toString();
    images.layer(Images.GZIP, Arrays.copyOf(layer, layer.length + 50), diffId).tag("v1");
    Path blob = layerFile();
    byte[] changed = Files.readAllBytes(blob);
    changed[changed.length - 1] = 1;
    Files.write(blob, changed);
    assertInvalid("layer 0: its digest is sha256:");
  }

  @Test
  void a_blob_with_more_bytes_than_declared() throws IOException {
    images.layer(Images.GZIP, tar().bytes()).tag("v1");
    Path blob = layerFile();
    byte[] whole = Files.readAllBytes(blob);
    Files.write(blob, Arrays.copyOf(whole, whole.length + 1));
    assertInvalid("layer 0: it has more than the declared");
  }

  @Test
  void a_blob_that_is_missing() throws IOException {
    images.layer(Images.GZIP, tar().bytes()).tag("v1");
    Files.delete(layerFile());
    assertInvalid("layer 0: blob sha256:", "is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[]; it is no JSON object",
        "{\"schemaVersion\":1,\"layers\":[]}; unknown media type",
        "{\"schemaVersion\":2,\"mediaType\":\"text/html\"}; unknown media type \"text/html\"",
        "{\"schemaVersion\":2,\"layers\":7}; layers: expected an array",
        "{\"schemaVersion\":2,\"layers\":[]}; config: it is missing",
        "{\"schemaVersion\":2,\"manifests\":[]}; it has no image for linux/amd64",
        "{\"schemaVersion\":2,\"manifests\":[7]}; manifests[0]: expected an object",
        "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"md5:1\"}]}; unsupported digest"
      })
  void a_manifest_that_is_not_valid(String manifest, String reason) {
    images.document("v1", manifest);
    assertInvalid(reason);
  }

  @Test
  void an_index_without_the_platform_names_those_that_it_has() {
    byte[] arm = images.layer(Images.GZIP, tar().bytes()).manifest();
    images.index("v1", List.of(Images.entry(arm, "arm64", ""), Images.entry(arm, "s390x", "")));
    assertInvalid("no image for linux/amd64, only for: linux/arm64, linux/s390x");
  }

  @Test
  void an_index_in_an_index() {
    byte[] inner = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(StandardCharsets.UTF_8);
    images.blobs().putPart(MediaTypes.INDEX, inner);
    images.index("v1", List.of(Images.entry(inner, "amd64", "")));
    assertInvalid("it is an index in an index");
  }

  @Test
  void an_index_whose_manifest_is_missing() {
    byte[] other = "{}".getBytes(StandardCharsets.UTF_8);
    images.index("v1", List.of(Images.entry(other, "amd64", "")));
    assertInvalid("manifest sha256:", "is missing");
  }

  @Test
  void an_index_whose_manifest_was_changed() throws IOException {
    byte[] manifest = images.layer(Images.GZIP, tar().bytes()).manifest();
    images.index("v1", List.of(Images.entry(manifest, "amd64", "")));
    Path blob = blob(Contents.digest(manifest).hex());
    Files.write(blob, Arrays.copyOf(manifest, manifest.length + 1));
    assertInvalid("the digest of the manifest is");
  }
}
