package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Makes clients for tests, which see the credentials of a test alone. */
final class Clients {

  static final String REPOSITORY = "team/web";

  private Clients() {}

  /** A client of a registry, without credentials unless the directory has a docker file. */
  static RegistryBlobs of(String host, Access access, Path home, TestPacing pacing) {
    return of(host, access, RegistryOptions.DEFAULT, home, pacing);
  }

  static RegistryBlobs of(
      String host, Access access, RegistryOptions options, Path home, TestPacing pacing) {
    return RegistryBlobs.of(
        RegistryReference.parse(host + "/" + REPOSITORY),
        access,
        options,
        new Environment(Map.of(), home),
        pacing.pacing());
  }

  /** Writes docker's file with one entry. */
  static void logIn(Path home, String host, String user, String password) throws IOException {
    String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    write(home, "{\"auths\": {\"" + host + "\": {\"auth\": \"" + pair + "\"}}}");
  }

  /** Writes docker's file. */
  static void write(Path home, String json) throws IOException {
    Path file = home.resolve(".docker").resolve("config.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
  }

  static Blob blob(byte[] content) {
    return new Blob(digest(content), content.length);
  }

  static Sha256 digest(byte[] content) {
    return Sha256.of(Hashing.sha256().hashBytes(content));
  }
}
