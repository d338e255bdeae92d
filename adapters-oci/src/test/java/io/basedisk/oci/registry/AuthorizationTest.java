package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.port.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries and token servers, honest and not, get no more than the credentials for them. */
class AuthorizationTest extends AuthorizationFixture {

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
}
