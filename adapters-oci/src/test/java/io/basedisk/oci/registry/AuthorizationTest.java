package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries and token servers, honest and not, get no more than the credentials for them. */
class AuthorizationTest {

  private static final Blob BLOB = Clients.blob(new byte[] {7});
  private static final String BASIC = "Basic dXNlcjpodW50ZXIy";
  private static final String PULL = "scope=repository%3Ateam%2Fweb%3Apull";

  @TempDir Path home;
  private final TestPacing pacing = new TestPacing();
  private ScriptedServer registry;
  private ScriptedServer tokens;

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

  @Test
  void credentials_are_sent_only_when_asked_for() throws IOException {
    logIn();
    registry.then(reply(404, ""));

    assertFalse(client(Access.PULL).has(BLOB));

    assertFalse(registry.requests().get(0).isAuthorized());
  }

  @Test
  void a_password_is_sent_with_each_request_after_the_first_challenge() throws IOException {
    logIn();
    registry.then(basic(), reply(404, ""));
    RegistryBlobs blobs = client(Access.PULL);

    blobs.has(BLOB);
    blobs.has(BLOB);

    assertEquals(List.of("none", BASIC, BASIC), authorizations(registry));
  }

  @Test
  void a_registry_that_wants_a_password_when_there_is_none() {
    registry.then(basic());

    RefusedException e = assertThrows(RefusedException.class, () -> client(Access.PULL).has(BLOB));

    assertEquals(Optional.of(new Remedy.LogIn(registry.host())), e.remedy());
    assertTrue(e.getMessage().contains(home.resolve(".docker/config.json").toString()));
    assertEquals(1, registry.requests().size());
  }

  @Test
  void a_wrong_password_is_sent_once() throws IOException {
    logIn();
    registry.then(basic());

    RefusedException e = assertThrows(RefusedException.class, () -> client(Access.PULL).has(BLOB));

    assertEquals(2, registry.requests().size());
    assertHidden(e);
  }

  @Test
  void a_registry_that_forbids_is_not_asked_again() throws IOException {
    registry.then(reply(403, "{\"errors\": [{\"code\": \"DENIED\"}]}"));

    RefusedException e =
        assertThrows(RefusedException.class, () -> client(Access.PULL).manifest("v1"));

    assertTrue(e.getMessage().contains("403 (DENIED)"), e.getMessage());
    assertEquals(1, registry.requests().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Negotiate", "", "Digest realm=\"x\""})
  void an_unknown_authorization_is_refused(String challenge) {
    registry.then(reply(401, "", "WWW-Authenticate: " + challenge));

    assertThrows(RefusedException.class, () -> client(Access.PULL).has(BLOB));
  }

  @Test
  void a_challenge_that_is_too_long_is_refused() throws IOException {
    logIn();
    registry.then(reply(401, "", "WWW-Authenticate: Basic realm=\"" + "x".repeat(100_000) + "\""));

    assertThrows(BaseDiskException.class, () -> client(Access.PULL).has(BLOB));
    assertEquals(List.of("none"), authorizations(registry).stream().distinct().toList());
  }

  @Test
  void an_anonymous_token() {
    registry.then(bearer(), reply(404, ""));
    tokens.then(reply(200, "{\"token\": \"t1\"}"));

    assertFalse(client(Access.PULL).has(BLOB));

    assertEquals(List.of("none", "Bearer t1"), authorizations(registry));
    assertEquals(List.of("GET /token?a=b&" + PULL + "&service=s+1"), tokens.lines());
    assertEquals(List.of("none"), authorizations(tokens));
  }

  @Test
  void a_token_for_a_password() throws IOException {
    logIn();
    registry.then(bearer(), reply(404, ""));
    tokens.then(reply(200, "{\"access_token\": \"t1\", \"expires_in\": 300}"));

    client(Access.PULL).has(BLOB);

    assertEquals(List.of(BASIC), authorizations(tokens));
    assertEquals(List.of("none", "Bearer t1"), authorizations(registry));
  }

  @Test
  void a_token_for_an_identity_token() throws IOException {
    Clients.write(
        home, "{\"auths\": {\"" + registry.host() + "\": {\"identitytoken\": \"hunter2&\"}}}");
    registry.then(bearer(), reply(404, ""));
    tokens.then(reply(200, "{\"access_token\": \"t1\"}"));

    client(Access.PUSH).has(BLOB);

    assertEquals(List.of("POST /token?a=b"), tokens.lines());
    assertEquals(
        "grant_type=refresh_token&client_id=basedisk&service=s+1&"
            + PULL
            + "%2Cpush&refresh_token=hunter2%26",
        new String(tokens.requests().get(0).body(), UTF_8));
    assertEquals(List.of("none", "Bearer t1"), authorizations(registry));
  }

  @Test
  void a_token_of_the_registry_goes_to_the_registry() throws IOException {
    Clients.write(home, "{\"auths\": {\"" + registry.host() + "\": {\"registrytoken\": \"t9\"}}}");
    registry.then(bearer(), reply(404, ""));

    client(Access.PULL).has(BLOB);

    assertEquals(List.of("none", "Bearer t9"), authorizations(registry));
    assertEquals(List.of(), tokens.requests());
  }

  @Test
  void a_token_is_used_until_it_expires() {
    registry.then(bearer(), reply(404, ""));
    tokens.then(
        reply(200, "{\"token\": \"t1\", \"expires_in\": 100}"), reply(200, "{\"token\": \"t2\"}"));
    RegistryBlobs blobs = client(Access.PULL);

    blobs.has(BLOB);
    pacing.advance(Duration.ofSeconds(80));
    blobs.has(BLOB);
    pacing.advance(Duration.ofSeconds(20));
    blobs.has(BLOB);

    assertEquals(List.of("none", "Bearer t1", "Bearer t1", "Bearer t2"), authorizations(registry));
  }

  @Test
  void a_token_that_the_registry_revoked_is_replaced() {
    registry.then(bearer(), reply(404, ""), bearer(), reply(404, ""));
    tokens.then(reply(200, "{\"token\": \"t1\"}"), reply(200, "{\"token\": \"t2\"}"));
    RegistryBlobs blobs = client(Access.PULL);

    blobs.has(BLOB);
    blobs.has(BLOB);

    assertEquals(List.of("none", "Bearer t1", "Bearer t1", "Bearer t2"), authorizations(registry));
  }

  @Test
  void a_registry_that_never_accepts_a_token_is_not_asked_for_ever() {
    registry.then(bearer());
    tokens.then(reply(200, "{\"token\": \"t1\"}"));

    assertThrows(RefusedException.class, () -> client(Access.PULL).has(BLOB));

    assertEquals(2, registry.requests().size());
    assertEquals(1, tokens.requests().size());
  }

  @Test
  void a_mount_asks_for_both_repositories() throws IOException {
    Path file = Files.write(home.resolve("blob"), new byte[] {7});
    registry.then(reply(404, ""), bearer(), reply(201, ""), reply(200, new byte[] {7}));
    tokens.then(reply(200, "{\"token\": \"t1\"}"));

    Clients.of(
            registry.host(),
            Access.PUSH,
            RegistryOptions.DEFAULT.withMountFrom("golden"),
            home,
            pacing)
        .write(BLOB, file, Progress.NONE);

    assertTrue(
        tokens.lines().get(0).contains(PULL + "%2Cpush&scope=repository%3Agolden%3Apull"),
        tokens.lines().toString());
  }

  @Test
  void a_token_server_without_tls_gets_nothing() throws IOException {
    logIn();
    registry.then(
        reply(
            401, "", "WWW-Authenticate: Bearer realm=\"http://198.51.100.1/token\",service=\"s\""));

    String message =
        assertThrows(RefusedException.class, () -> client(Access.PULL).has(BLOB)).getMessage();

    assertTrue(message.contains("without TLS"), message);
  }

  @Test
  void a_token_server_that_redirects_gets_no_second_request() throws IOException {
    logIn();
    try (ScriptedServer other = new ScriptedServer()) {
      registry.then(bearer());
      tokens.then(reply(307, "", "Location: http://" + other.host() + "/"));

      assertThrows(StorageException.class, () -> client(Access.PULL).has(BLOB));

      assertEquals(List.of(), other.requests());
    }
  }

  @Test
  void a_token_server_that_refuses() throws IOException {
    logIn();
    registry.then(bearer());
    tokens.then(reply(401, "{\"details\": \"incorrect password\"}"));

    RefusedException e = assertThrows(RefusedException.class, () -> client(Access.PULL).has(BLOB));

    assertTrue(e.getMessage().contains("401 (incorrect password)"), e.getMessage());
    assertEquals(Optional.of(new Remedy.LogIn(registry.host())), e.remedy());
    assertHidden(e);
  }

  @Test
  void a_token_server_that_fails_is_asked_again() {
    registry.then(bearer(), reply(404, ""));
    tokens.then(reply(503, ""), reply(200, "{\"token\": \"t1\"}"));

    assertFalse(client(Access.PULL).has(BLOB));
    assertEquals(2, tokens.requests().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>hunter2",
        "{}",
        "[]",
        "{\"token\": \"\"}",
        "{\"token\": null}",
        "{\"token\": [\"hunter2\"]}",
        "{\"token\": \"hunter2\\r\\nX-Injected: 1\"}",
        "{\"token\": \"hunter2 \\u20ac\"}",
        "{\"token\": hunter2}"
      })
  void a_token_server_that_sends_no_token(String answer) {
    registry.then(bearer());
    tokens.then(reply(200, answer));

    assertHidden(assertThrows(StorageException.class, () -> client(Access.PULL).has(BLOB)));
    assertEquals(List.of("none"), authorizations(registry));
  }

  @Test
  void a_token_server_that_sends_too_much() {
    registry.then(bearer());
    tokens.then(reply(200, "{\"token\": \"" + "t".repeat(1 << 20) + "\"}"));

    assertThrows(StorageException.class, () -> client(Access.PULL).has(BLOB));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "0", "99999999999999999999", "\"soon\"", "1e999", "null"})
  void a_lifetime_that_makes_no_sense(String lifetime) {
    registry.then(bearer(), reply(404, ""));
    tokens.then(reply(200, "{\"token\": \"t1\", \"expires_in\": " + lifetime + "}"));

    assertFalse(client(Access.PULL).has(BLOB));
  }

  private RegistryBlobs client(Access access) {
    return Clients.of(registry.host(), access, home, pacing);
  }

  private void logIn() throws IOException {
    Clients.logIn(home, registry.host(), "user", "hunter2");
  }

  private static ScriptedServer.Reply basic() {
    return reply(401, "", "WWW-Authenticate: Basic realm=\"x\"");
  }

  /** The scope is another one than the client needs, and must not be asked for. */
  private ScriptedServer.Reply bearer() {
    return reply(
        401,
        "",
        "WWW-Authenticate: Bearer realm=\"http://"
            + tokens.host()
            + "/token?a=b\",service=\"s 1\",scope=\"registry:catalog:*\"");
  }

  private static List<String> authorizations(ScriptedServer server) {
    return server.requests().stream()
        .map(request -> request.headers().getOrDefault("authorization", "none"))
        .toList();
  }

  private static void assertHidden(BaseDiskException e) {
    String trace = Throwables.getStackTraceAsString(e);
    assertFalse(trace.contains("hunter2") || trace.contains(BASIC.substring(6)), trace);
  }
}
