package io.basedisk.oci.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.layout.LayoutBlobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configs and manifests that are no valid documents, or have other digests and sizes. */
class HostileConfigTest extends ManifestFixture {

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
}
