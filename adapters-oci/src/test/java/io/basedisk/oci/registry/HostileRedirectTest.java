package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that a registry sends elsewhere. */
class HostileRedirectTest extends ReadFixture {

  @Test
  void a_redirect_to_another_host_gets_no_credentials() throws IOException {
    Clients.logIn(home, server.host(), "user", "secret");
    try (ScriptedServer storage = new ScriptedServer()) {
      storage.then(reply(200, CONTENT));
      server.then(
          reply(401, "", "WWW-Authenticate: Basic realm=\"x\""),
          reply(307, "", "Location: http://" + storage.host() + "/bucket/blob?signature=1"));

      assertArrayEquals(CONTENT, read(0));

      assertTrue(server.requests().get(1).isAuthorized());
      assertEquals(List.of("GET /bucket/blob?signature=1"), storage.lines());
      assertFalse(storage.requests().get(0).isAuthorized());
    }
  }

  @Test
  void another_host_that_asks_for_credentials_gets_none() throws IOException {
    Clients.logIn(home, server.host(), "user", "secret");
    try (ScriptedServer other = new ScriptedServer()) {
      other.then(reply(401, "", "WWW-Authenticate: Basic realm=\"x\""));
      server.then(reply(302, "", "Location: http://" + other.host() + "/"));

      assertThrows(RefusedException.class, () -> read(0));

      assertEquals(1, other.requests().size());
      assertFalse(other.requests().get(0).isAuthorized());
    }
  }

  @Test
  void a_redirect_on_the_same_host_keeps_the_range() throws IOException {
    server.then(
        reply(302, "", "Location: ../../../moved"),
        reply(206, tail(5), "Content-Range: bytes 5-99999/100000"));

    assertArrayEquals(tail(5), read(5));
    assertEquals("GET /v2/moved", server.lines().get(1));
    assertEquals("bytes=5-", server.requests().get(1).headers().get("range"));
  }

  @Test
  void a_loop_of_redirects_ends() {
    server.then(reply(307, "", "Location: /again"));

    String message = assertThrows(StorageException.class, () -> read(0)).getMessage();

    assertEquals(6, server.requests().size());
    assertTrue(message.contains("redirects more than 5 times"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://198.51.100.1/blob",
        "http://user:secret@127.0.0.1/blob",
        "file:///etc/passwd",
        "http://",
        "http://a b/",
        ":",
        "//"
      })
  void a_redirect_to_an_unsafe_or_invalid_place_is_refused(String location) {
    server.then(reply(307, "", "Location: " + location));

    assertThrows(BaseDiskException.class, () -> read(0));
    assertEquals(1, server.requests().size());
  }

  @Test
  void a_redirect_without_a_location_is_refused() {
    server.then(reply(307, ""));

    assertThrows(StorageException.class, () -> read(0));
  }
}
