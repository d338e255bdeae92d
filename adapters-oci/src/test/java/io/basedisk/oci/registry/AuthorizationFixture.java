package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.base.Throwables;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry and a token server that answer as a test says. */
abstract class AuthorizationFixture {

  static final Blob BLOB = Clients.blob(new byte[] {7});
  static final String BASIC = "Basic dXNlcjpodW50ZXIy";
  static final String PULL = "scope=repository%3Ateam%2Fweb%3Apull";

  @TempDir Path home;
  final TestPacing pacing = new TestPacing();
  ScriptedServer registry;
  ScriptedServer tokens;

  @BeforeEach
  void start() throws IOException {
    registry = new ScriptedServer();
    tokens = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
    tokens.close();
  }

  RegistryBlobs client(Access access) {
    return Clients.of(registry.host(), access, home, pacing);
  }

  void logIn() throws IOException {
    Clients.logIn(home, registry.host(), "user", "hunter2");
  }

  static ScriptedServer.Reply basic() {
    return reply(401, "", "WWW-Authenticate: Basic realm=\"x\"");
  }

  /** The scope is another one than the client needs, and must not be asked for. */
  ScriptedServer.Reply bearer() {
    return reply(
        401,
        "",
        "WWW-Authenticate: Bearer realm=\"http://"
            + tokens.host()
            + "/token?a=b\",service=\"s 1\",scope=\"registry:catalog:*\"");
  }

  static List<String> authorizations(ScriptedServer server) {
    return server.requests().stream()
        .map(request -> request.headers().getOrDefault("authorization", "none"))
        .toList();
  }

  static void assertHidden(BaseDiskException e) {
    String trace = Throwables.getStackTraceAsString(e);
    assertFalse(trace.contains("hunter2") || trace.contains(BASIC.substring(6)), trace);
  }
}
