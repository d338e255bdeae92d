package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.hold;
import static io.basedisk.oci.registry.ScriptedServer.reply;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads to a registry that is slow, broken or hostile. */
class HostileWriteTest extends WriteFixture {

  @Test
  void an_upload_is_one_post_and_one_put() {
    server.then(MISSING, OPENED, CREATED, STORED);
    AtomicLong progress = new AtomicLong();

    blobs.write(BLOB, file, (done, total) -> progress.set(done));

    assertEquals(List.of(HEAD, POST, PUT, HEAD), server.lines());
    assertEquals("0", server.requests().get(1).headers().getOrDefault("content-length", "0"));
    assertEquals("12", server.requests().get(2).headers().get("content-length"));
    assertArrayEquals(CONTENT, server.requests().get(2).body());
    assertEquals(12, progress.get());
  }

  @Test
  void a_blob_that_is_there_is_not_sent() {
    server.then(STORED);

    blobs.write(BLOB, file, Progress.NONE);

    assertEquals(List.of(HEAD), server.lines());
  }

  @Test
  void an_empty_blob() throws IOException {
    Blob empty = Clients.blob(new byte[0]);
    server.then(MISSING, OPENED, CREATED, reply(200, ""));

    blobs.write(empty, Files.write(home.resolve("empty"), new byte[0]), Progress.NONE);

    assertEquals("0", server.requests().get(2).headers().get("content-length"));
  }

  @Test
  void a_registry_that_loses_the_blob_is_found_out() {
    server.then(MISSING, OPENED, CREATED, MISSING);

    String message =
        assertThrows(StorageException.class, () -> blobs.write(BLOB, file, Progress.NONE))
            .getMessage();

    assertTrue(message.contains("does not have it afterwards"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204, 400, 413, 418})
  void another_answer_to_the_put_is_an_error(int status) {
    server.then(MISSING, OPENED, reply(status, ""), STORED);

    assertThrows(StorageException.class, () -> blobs.write(BLOB, file, Progress.NONE));
    assertEquals(3, server.requests().size());
  }

  @Test
  void a_failed_put_begins_a_new_upload() {
    server.then(MISSING, OPENED, reply(500, ""), MISSING, OPENED, CREATED, STORED);

    blobs.write(BLOB, file, Progress.NONE);

    assertEquals(List.of(HEAD, POST, PUT, HEAD, POST, PUT, HEAD), server.lines());
    assertArrayEquals(CONTENT, server.requests().get(5).body());
  }

  @Test
  void a_put_whose_answer_was_lost_is_not_repeated() {
    server.then(MISSING, OPENED, (request, socket) -> {}, STORED);

    blobs.write(BLOB, file, Progress.NONE);

    assertEquals(List.of(HEAD, POST, PUT, HEAD), server.lines());
  }

  @Test
  void an_upload_that_the_registry_forgot_begins_anew() {
    server.then(MISSING, OPENED, reply(404, ""), MISSING, OPENED, CREATED, STORED);

    blobs.write(BLOB, file, Progress.NONE);

    assertEquals(7, server.requests().size());
  }

  @Test
  void a_put_without_an_answer_is_given_up_and_repeated() {
    server.then(
        MISSING,
        OPENED,
        (request, socket) -> {
          pacing.stall();
          hold(socket);
        },
        MISSING,
        OPENED,
        CREATED,
        STORED);

    blobs.write(BLOB, file, Progress.NONE);

    assertEquals(7, server.requests().size());
  }

  @Test
  void an_interrupt_ends_an_upload() {
    Thread writer = Thread.currentThread();
    server.then(
        MISSING,
        OPENED,
        (request, socket) -> {
          writer.interrupt();
          hold(socket);
        });

    assertThrows(InterruptedOperationException.class, () -> blobs.write(BLOB, file, Progress.NONE));
    assertTrue(Thread.interrupted(), "the interrupt is pending");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://", "ftp://127.0.0.1/up", "http://198.51.100.1/up", "::"})
  void a_bad_location_is_an_error(String location) {
    server.then(MISSING, reply(202, "", "Location: " + location));

    assertThrows(BaseDiskException.class, () -> blobs.write(BLOB, file, Progress.NONE));
    assertEquals(2, server.requests().size());
  }

  @Test
  void an_upload_elsewhere_gets_no_credentials() throws IOException {
    Clients.logIn(home, server.host(), "user", "secret");
    try (ScriptedServer other = new ScriptedServer()) {
      other.then(CREATED);
      server.then(
          reply(401, "", "WWW-Authenticate: Basic realm=\"x\""),
          MISSING,
          reply(202, "", "Location: http://" + other.host() + "/up"),
          STORED);

      blobs.write(BLOB, file, Progress.NONE);

      assertTrue(server.requests().get(2).isAuthorized());
      assertFalse(other.requests().get(0).isAuthorized());
      assertArrayEquals(CONTENT, other.requests().get(0).body());
    }
  }

  @Test
  void a_redirect_of_an_upload_is_refused() throws IOException {
    try (ScriptedServer other = new ScriptedServer()) {
      server.then(MISSING, OPENED, reply(307, "", "Location: http://" + other.host() + "/"));

      assertThrows(StorageException.class, () -> blobs.write(BLOB, file, Progress.NONE));
      assertEquals(List.of(), other.requests());
    }
  }

  @Test
  void a_blob_of_another_repository_is_mounted() {
    server.then(MISSING, CREATED, STORED);

    mounting().write(BLOB, file, Progress.NONE);

    assertEquals(
        List.of(
            HEAD,
            POST + "?mount=" + BLOB.digest().toString().replace(":", "%3A") + "&from=team%2Fgolden",
            HEAD),
        server.lines());
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 404, 405, 403})
  void a_mount_that_fails_becomes_an_upload(int status) {
    server.then(MISSING, reply(status, "", "Location: /up?state=1"), OPENED, CREATED, STORED);

    mounting().write(BLOB, file, Progress.NONE);

    assertEquals(PUT, server.lines().get(3));
  }

  @Test
  void a_mount_that_is_a_lie_becomes_an_upload() {
    server.then(MISSING, CREATED, MISSING, OPENED, CREATED, STORED);

    mounting().write(BLOB, file, Progress.NONE);

    assertArrayEquals(CONTENT, server.requests().get(4).body());
  }

  @Test
  void a_file_of_another_length_is_not_sent() throws IOException {
    Files.write(file, new byte[] {1});

    assertThrows(StorageException.class, () -> blobs.write(BLOB, file, Progress.NONE));
    assertEquals(List.of(), server.requests());
  }
}
