package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Token servers that are slow, broken or hostile. */
class TokenServerTest extends AuthorizationFixture {

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
}
