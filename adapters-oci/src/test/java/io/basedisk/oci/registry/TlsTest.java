package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry must prove its name, with a certificate that the system or the user trusts. */
class TlsTest {

  private static SelfSignedKey key;
  private static SelfSignedKey other;

  @TempDir Path home;
  private final TestPacing pacing = new TestPacing();
  private ScriptedServer server;

  @BeforeAll
  static void makeKeys(@TempDir Path one, @TempDir Path two) throws Exception {
    key = SelfSignedKey.make(one, "ip:127.0.0.1");
    other = SelfSignedKey.make(two, "dns:other.example");
  }

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(key.serverContext().getServerSocketFactory());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void a_registry_whose_certificate_is_in_the_file() {
    server.then(reply(200, "{}"));

    assertArrayEquals("{}".getBytes(UTF_8), client(key.pem()).manifest("latest").orElseThrow());
  }

  @Test
  void a_registry_with_another_certificate_is_not_trusted() {
    server.then(reply(200, "{}"));

    StorageException e =
        assertThrows(StorageException.class, () -> client(other.pem()).manifest("latest"));

    assertEquals(Optional.of(new Remedy.TrustAuthority(server.host())), e.remedy());
    assertEquals(List.of(), server.requests());
    assertEquals(List.of(), pacing.waits());
  }

  @Test
  void a_registry_with_a_certificate_for_another_name_is_not_trusted() throws Exception {
    try (ScriptedServer misnamed =
        new ScriptedServer(other.serverContext().getServerSocketFactory())) {
      StorageException e =
          assertThrows(
              StorageException.class,
              () ->
                  Clients.of(
                          misnamed.host(),
                          Access.PULL,
                          RegistryOptions.DEFAULT.withCaFile(other.pem()),
                          home,
                          pacing)
                      .manifest("latest"));

      assertEquals(Optional.of(new Remedy.TrustAuthority(misnamed.host())), e.remedy());
      assertEquals(List.of(), misnamed.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_from_https_to_http_is_refused(int status) throws IOException {
    try (ScriptedServer plain = new ScriptedServer()) {
      server.then(reply(status, "", "Location: http://" + plain.host() + "/"));

      String message =
          assertThrows(StorageException.class, () -> client(key.pem()).manifest("latest"))
              .getMessage();

      assertTrue(message.contains("from HTTPS to HTTP"), message);
      assertEquals(List.of(), plain.requests());
    }
  }

  @Test
  void a_registry_that_speaks_no_tls() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> greet(plain));
      server.setDaemon(true);
      server.start();
      String host = "127.0.0.1:" + plain.getLocalPort();
      RegistryOptions options = RegistryOptions.DEFAULT.withCaFile(key.pem());

      StorageException e =
          assertThrows(
              StorageException.class,
              () -> Clients.of(host, Access.PULL, options, home, pacing).manifest("latest"));

      assertEquals(Optional.of(new Remedy.AllowPlainHttp(host)), e.remedy());
      assertEquals(List.of(), pacing.waits());
    }
  }

  /** Answers as a server does that has read the first bytes of TLS as a request. */
  private static void greet(ServerSocket plain) {
    try (Socket socket = plain.accept()) {
      socket.getInputStream().read();
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
      ScriptedServer.hold(socket);
    } catch (IOException e) {
      // The client has gone.
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
      })
  void a_file_without_a_certificate(String content) throws IOException {
    Path file = Files.writeString(home.resolve("ca.pem"), content);

    String message = assertThrows(InvalidArgumentException.class, () -> client(file)).getMessage();

    assertTrue(message.startsWith(file + ": "), message);
  }

  @Test
  void a_missing_file() {
    assertThrows(StorageException.class, () -> client(home.resolve("missing.pem")));
  }

  @ParameterizedTest
  @CsvSource({
    "r.example/web, https://r.example/v2/",
    "r.example:5000/web, https://r.example:5000/v2/",
    "10.0.0.1/web, https://10.0.0.1/v2/",
    "localhost.example/web, https://localhost.example/v2/",
    "127.0.0.1.example/web, https://127.0.0.1.example/v2/",
    "docker.io/web, https://registry-1.docker.io/v2/",
    "localhost/web, http://localhost/v2/",
    "127.0.0.2:5000/web, http://127.0.0.2:5000/v2/",
    "[::1]:5000/web, http://[::1]:5000/v2/"
  })
  void only_a_registry_on_this_machine_is_reached_without_tls(String reference, String uri) {
    assertEquals(
        uri,
        RegistryBlobs.base(RegistryReference.parse(reference), RegistryOptions.DEFAULT).toString());
  }

  @Test
  void plain_http_may_be_allowed() {
    assertEquals(
        "http://r.example/v2/",
        RegistryBlobs.base(
                RegistryReference.parse("r.example/web"), RegistryOptions.DEFAULT.withPlainHttp())
            .toString());
  }

  private RegistryBlobs client(Path caFile) {
    return Clients.of(
        server.host(), Access.PULL, RegistryOptions.DEFAULT.withCaFile(caFile), home, pacing);
  }
}
