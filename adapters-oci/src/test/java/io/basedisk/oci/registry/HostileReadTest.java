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

import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reads of blobs from a registry that is slow or broken. */
class HostileReadTest extends ReadFixture {

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

  /**
   * The JDK's client may repeat a request on its own, so the requests are no measure. If the
   * connection breaks before the client has the head of the answer, the failure counts for the
   * opening of the stream, and else for its reading.
   */
  private void assertGivenUp() {
    int waits = pacing.waits().size();
    int each = Retries.ATTEMPTS - 1;
    assertTrue(waits >= each && waits <= 2 * each, waits + " waits");
  }

  @Test
  void connections_that_break_without_progress_end_the_reading() {
    server.then(broken(CONTENT.length, CONTENT, 0));

    StorageException e = assertThrows(StorageException.class, () -> read(0));

    assertGivenUp();
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

    assertGivenUp();
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
}
