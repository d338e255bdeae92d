package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a registry that fails, or is busy. */
class RetriesTest extends ReadFixture {

  @Test
  void a_registry_that_fails_is_asked_again() throws IOException {
    server.then(reply(500, "oops"), reply(503, ""), reply(502, "<html>"), reply(200, CONTENT));

    assertArrayEquals(CONTENT, read(0));
    assertEquals(4, server.requests().size());
  }

  @Test
  void a_registry_that_always_fails_is_asked_five_times() {
    server.then(reply(500, "{\"errors\": [{\"code\": \"UNKNOWN\", \"message\": \"disk full\"}]}"));

    StorageException e = assertThrows(StorageException.class, () -> blobs.has(BLOB));

    assertEquals(Retries.ATTEMPTS, server.requests().size());
    assertEquals(Retries.ATTEMPTS - 1, pacing.waits().size());
    assertEquals(Optional.of(new Remedy.CheckRegistry(server.host())), e.remedy());
    assertTrue(e.getMessage().contains("it answered 500"), e.getMessage());
  }

  @Test
  void the_error_quotes_the_registry_without_control_characters() {
    server.then(
        reply(
            400,
            "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"a\\u001b[31m\\nb\\u202e"
                + "x".repeat(5000)
                + "\"}]}"));

    String message = assertThrows(StorageException.class, () -> blobs.manifest("a")).getMessage();

    assertTrue(message.contains("answered 400 (DENIED: a?[31m?b?x"), message);
    assertTrue(message.length() < 300, message);
  }

  @Test
  void a_busy_registry_gets_the_wait_it_asks_for() {
    server.then(reply(429, "", "Retry-After: 17"), reply(200, CONTENT));

    assertTrue(blobs.has(BLOB));

    assertEquals(List.of(Duration.ofSeconds(17)), pacing.waits());
  }

  @Test
  void a_busy_registry_may_name_a_date() {
    server.then(reply(503, "", "Retry-After: Fri, 27 Nov 2026 12:00:31 GMT"), reply(404, ""));

    assertFalse(blobs.has(BLOB));

    assertEquals(List.of(Duration.ofSeconds(31)), pacing.waits());
  }

  @ParameterizedTest
  @ValueSource(strings = {"86400", "99999999999999999", "Fri, 01 Jan 2100 00:00:00 GMT"})
  void a_long_wait_is_cut_off(String wait) {
    server.then(reply(429, "", "Retry-After: " + wait), reply(404, ""));

    assertFalse(blobs.has(BLOB));

    assertEquals(1, pacing.waits().size());
    assertTrue(pacing.waits().get(0).toSeconds() <= 60, pacing.waits().toString());
  }

  @Test
  void a_host_that_refuses_connections() throws IOException {
    try (Socket bound = new Socket()) {
      // Keeps the port from all others, and does not listen.
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String host = "127.0.0.1:" + bound.getLocalPort();
      RegistryBlobs refused = Clients.of(host, Access.PULL, home, pacing);

      StorageException e = assertThrows(StorageException.class, () -> refused.has(BLOB));

      assertEquals(Optional.of(new Remedy.CheckRegistry(host)), e.remedy());
      assertEquals(Retries.ATTEMPTS - 1, pacing.waits().size());
    }
  }
}
