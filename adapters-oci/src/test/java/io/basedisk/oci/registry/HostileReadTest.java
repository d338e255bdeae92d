package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.broken;
import static io.basedisk.oci.registry.ScriptedServer.hold;
import static io.basedisk.oci.registry.ScriptedServer.raw;
import static io.basedisk.oci.registry.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of a registry that is slow, broken or hostile. */
class HostileReadTest {

  private static final byte[] CONTENT = content(100_000);
  private static final Blob BLOB = Clients.blob(CONTENT);
  private static final int HALF = 50_000;

  @TempDir Path home;
  private final TestPacing pacing = new TestPacing();
  private ScriptedServer server;
  private RegistryBlobs blobs;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    blobs = Clients.of(server.host(), Access.PULL, home, pacing);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

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
  void the_reading_goes_on_where_the_connection_broke() throws IOException {
    server.then(
        broken(CONTENT.length, CONTENT, HALF),
        reply(206, tail(HALF), "Content-Range: bytes 50000-99999/100000"));

    assertArrayEquals(CONTENT, read(0));
    assertEquals("bytes=50000-", server.requests().get(1).headers().get("range"));
  }

  @Test
  void a_registry_that_ignores_ranges_sends_the_rest_too() throws IOException {
    server.then(broken(CONTENT.length, CONTENT, HALF), reply(200, CONTENT));

    assertArrayEquals(CONTENT, read(0));
  }

  @Test
  void a_reading_may_begin_in_the_middle() throws IOException {
    server.then(reply(206, tail(99_999), "Content-Range: bytes 99999-99999/100000"));

    assertArrayEquals(tail(99_999), read(99_999));
  }

  @Test
  void another_part_than_asked_for_is_an_error() {
    server.then(
        broken(CONTENT.length, CONTENT, HALF),
        reply(206, tail(HALF), "Content-Range: bytes 0-49999/100000"));

    assertThrows(StorageException.class, () -> read(0));
  }

  @Test
  void another_length_is_an_error() {
    server.then(reply(200, new byte[99]));

    String message = assertThrows(StorageException.class, () -> read(0)).getMessage();

    assertTrue(message.contains("another length"), message);
    assertEquals(1, server.requests().size());
  }

  @Test
  void a_body_without_a_length_that_ends_early_is_resumed() throws IOException {
    server.then(
        (request, socket) -> {
          socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
          socket.getOutputStream().write(CONTENT, 0, HALF);
        },
        reply(206, tail(HALF), "Content-Range: bytes 50000-99999/100000"));

    assertArrayEquals(CONTENT, read(0));
  }

  @Test
  void a_body_that_never_ends_is_cut_off_at_the_length_of_the_blob() throws IOException {
    server.then(
        (request, socket) -> {
          OutputStream out = socket.getOutputStream();
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
          while (true) {
            out.write(CONTENT); // Until the client closes the connection.
          }
        });

    assertArrayEquals(CONTENT, read(0));
  }

  @Test
  void connections_that_break_without_progress_end_the_reading() {
    server.then(broken(CONTENT.length, CONTENT, 0));

    StorageException e = assertThrows(StorageException.class, () -> read(0));

    // The JDK's client may repeat a request on its own: the requests are no measure.
    assertEquals(Retries.ATTEMPTS - 1, pacing.waits().size());
    assertEquals(Optional.of(new Remedy.CheckRegistry(server.host())), e.remedy());
  }

  @Test
  void connections_that_break_after_single_bytes_end_the_reading() {
    server.then(
        (request, socket) -> {
          int from =
              Integer.parseInt(
                  request.headers().getOrDefault("range", "bytes=0-").replaceAll("\\D", ""));
          String head =
              "HTTP/1.1 206 Partial\r\nContent-Length: "
                  + (CONTENT.length - from)
                  + "\r\nContent-Range: bytes "
                  + from
                  + "-99999/100000\r\n\r\n";
          socket.getOutputStream().write(head.getBytes(ISO_8859_1));
          socket.getOutputStream().write(CONTENT, from, 1);
        });

    assertThrows(StorageException.class, () -> read(0));

    assertEquals(Retries.ATTEMPTS - 1, pacing.waits().size());
  }

  @Test
  void a_silent_registry_is_asked_again() {
    server.then(this::stall, reply(404, ""));

    assertFalse(blobs.has(BLOB));

    assertEquals(1, pacing.waits().size());
  }

  @Test
  void a_registry_that_stays_silent_is_given_up() {
    server.then(this::stall);

    String message = assertThrows(StorageException.class, () -> blobs.has(BLOB)).getMessage();

    assertEquals("cannot reach " + server.host() + ": it did not answer", message);
  }

  @Test
  void a_body_that_stalls_is_resumed() throws IOException {
    server.then(
        (request, socket) -> {
          broken(CONTENT.length, CONTENT, HALF).answer(request, socket);
          stall(request, socket);
        },
        reply(206, tail(HALF), "Content-Range: bytes 50000-99999/100000"));

    assertArrayEquals(CONTENT, read(0));
  }

  @Test
  void a_manifest_that_stalls_is_read_again() {
    server.then(
        (request, socket) -> {
          raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{").answer(request, socket);
          stall(request, socket);
        },
        reply(200, "{}"));

    assertArrayEquals("{}".getBytes(UTF_8), blobs.manifest("latest").orElseThrow());
  }

  @Test
  void an_interrupt_ends_the_wait_for_an_answer() {
    Thread reader = Thread.currentThread();
    server.then(
        (request, socket) -> {
          reader.interrupt();
          hold(socket);
        });

    assertThrows(InterruptedOperationException.class, () -> blobs.has(BLOB));
    assertTrue(Thread.interrupted(), "the interrupt is pending");
  }

  @Test
  void an_interrupt_ends_the_wait_for_bytes() {
    Thread reader = Thread.currentThread();
    server.then(
        (request, socket) -> {
          broken(CONTENT.length, CONTENT, 0).answer(request, socket);
          hold(socket);
        });
    InputStream stream = blobs.read(BLOB, 0);
    reader.interrupt();

    assertThrows(InterruptedOperationException.class, stream::readAllBytes);
    assertTrue(Thread.interrupted(), "the interrupt is pending");
  }

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

  @Test
  void a_missing_blob() {
    server.then(reply(404, "{}"));

    assertThrows(NotFoundException.class, () -> read(0));
    assertFalse(blobs.has(BLOB));
  }

  @Test
  void a_blob_of_another_size_is_another_blob() {
    server.then(reply(200, new byte[7]));

    assertFalse(blobs.has(BLOB));
  }

  @Test
  void a_huge_manifest_is_an_error() {
    server.then(reply(200, new byte[Blobs.MAX_MANIFEST_BYTES + 1]), reply(200, new byte[0]));

    assertThrows(InvalidImageException.class, () -> blobs.manifest("latest"));
  }

  @Test
  void a_manifest_of_the_largest_size() {
    server.then(reply(200, new byte[Blobs.MAX_MANIFEST_BYTES]));

    assertEquals(Blobs.MAX_MANIFEST_BYTES, blobs.manifest("latest").orElseThrow().length);
  }

  @Test
  void a_manifest_without_an_end_is_an_error() {
    server.then(
        (request, socket) -> {
          OutputStream out = socket.getOutputStream();
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
          while (true) {
            out.write(CONTENT); // Until the client closes the connection.
          }
        });

    assertThrows(InvalidImageException.class, () -> blobs.manifest("latest"));
  }

  @Test
  void a_manifest_with_another_digest_is_an_error_whatever_the_header_says() {
    String wanted = Clients.digest("{}".getBytes(UTF_8)).toString();
    server.then(reply(200, "{ }", "Docker-Content-Digest: " + wanted), reply(200, "{}"));

    assertThrows(InvalidImageException.class, () -> blobs.manifest(wanted));
    assertArrayEquals("{}".getBytes(UTF_8), blobs.manifest(wanted).orElseThrow());
  }

  @Test
  void a_web_page_is_no_manifest() {
    server.then(reply(200, "<html>Log in to the hotel", "Content-Type: text/html; charset=utf-8"));

    String message = assertThrows(StorageException.class, () -> blobs.manifest("a")).getMessage();

    assertTrue(message.contains("web page"), message);
  }

  @Test
  void a_missing_manifest() {
    server.then(reply(404, "<html>"));

    assertEquals(Optional.empty(), blobs.manifest("latest"));
  }

  @Test
  void a_huge_header_is_an_error() {
    server.then(reply(307, "", "Location: /" + "a".repeat(1 << 20)));

    assertThrows(StorageException.class, () -> blobs.manifest("latest"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void nonsense_is_an_error(String answer) {
    server.then(raw(answer));

    assertThrows(StorageException.class, () -> blobs.manifest("latest"));
  }

  @Test
  void tags_are_sorted_and_paged() {
    server.then(
        reply(200, "{\"tags\": [\"c\", \"a\"]}", "Link: </v2/next?last=c>; rel=\"next\""),
        reply(200, "{\"name\": \"x\", \"tags\": [\"b\", \"a\"]}"));

    assertEquals(ImmutableList.of("a", "b", "c"), blobs.tags());
    assertEquals(
        List.of("GET /v2/team/web/tags/list?n=1000", "GET /v2/next?last=c"), server.lines());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"tags\": null}", "{\"tags\": []}", "{}"})
  void a_repository_without_tags(String list) {
    server.then(reply(200, list));

    assertEquals(ImmutableList.of(), blobs.tags());
  }

  @Test
  void a_missing_repository_has_no_tags() {
    server.then(reply(404, ""));

    assertEquals(ImmutableList.of(), blobs.tags());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "[]", "{\"tags\": [\"a\\u001b\"]}", "{\"tags\": [[]]}", "{}{}"})
  void an_invalid_list_of_tags_is_an_error(String list) {
    server.then(reply(200, list));

    assertThrows(StorageException.class, blobs::tags);
  }

  @Test
  void deep_json_is_an_error() {
    server.then(reply(200, "{\"tags\": " + "[".repeat(100_000)));

    assertThrows(StorageException.class, blobs::tags);
  }

  @Test
  void pages_without_an_end_are_an_error() {
    server.then(reply(200, "{\"tags\": []}", "Link: </v2/next>; rel=\"next\""));

    assertThrows(StorageException.class, blobs::tags);
    assertEquals(100, server.requests().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/next", "file:///next", "http://a b"})
  void a_next_page_elsewhere_is_an_error(String next) {
    server.then(reply(200, "{\"tags\": []}", "Link: <" + next + ">; rel=\"next\""));

    assertThrows(StorageException.class, blobs::tags);
    assertEquals(1, server.requests().size());
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

  private void stall(ScriptedServer.Request request, Socket socket) throws IOException {
    pacing.stall();
    hold(socket);
  }

  private byte[] read(long from) throws IOException {
    try (InputStream stream = blobs.read(BLOB, from)) {
      return stream.readAllBytes();
    }
  }

  private static byte[] tail(int from) {
    return Arrays.copyOfRange(CONTENT, from, CONTENT.length);
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(5).nextBytes(content);
    return content;
  }
}
