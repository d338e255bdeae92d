package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.raw;
import static io.basedisk.oci.registry.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.oci.blob.Blobs;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests and lists of tags of a registry that is broken or hostile. */
class HostileDocumentTest extends ReadFixture {

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
}
