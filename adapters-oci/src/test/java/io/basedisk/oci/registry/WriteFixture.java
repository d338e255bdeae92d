package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry that answers a write as a test says. */
abstract class WriteFixture {

  static final byte[] CONTENT = "some content".getBytes(UTF_8);
  static final Blob BLOB = Clients.blob(CONTENT);
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  static final byte[] MANIFEST = "{}".getBytes(UTF_8);

  static final String HEAD = "HEAD /v2/team/web/blobs/" + BLOB.digest();
  static final String POST = "POST /v2/team/web/blobs/uploads/";
  static final String PUT =
      "PUT /up?state=7&digest=" + BLOB.digest().toString().replace(":", "%3A");

  static final ScriptedServer.Reply MISSING = reply(404, "");
  static final ScriptedServer.Reply OPENED = reply(202, "", "Location: /up?state=7");
  static final ScriptedServer.Reply CREATED = reply(201, "");
  static final ScriptedServer.Reply STORED = reply(200, CONTENT);

  @TempDir Path home;
  final TestPacing pacing = new TestPacing();
  ScriptedServer server;
  RegistryBlobs blobs;
  Path file;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    blobs = Clients.of(server.host(), Access.PUSH, home, pacing);
    file = Files.write(home.resolve("blob"), CONTENT);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  RegistryBlobs mounting() {
    return Clients.of(
        server.host(),
        Access.PUSH,
        RegistryOptions.DEFAULT.withMountFrom("team/golden"),
        home,
        pacing);
  }
}
