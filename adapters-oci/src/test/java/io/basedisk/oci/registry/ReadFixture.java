package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.hold;

import io.basedisk.oci.blob.Blobs.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry that answers a read as a test says. */
abstract class ReadFixture {

  static final byte[] CONTENT = content(100_000);
  static final Blob BLOB = Clients.blob(CONTENT);
  static final int HALF = 50_000;

  @TempDir Path home;
  final TestPacing pacing = new TestPacing();
  ScriptedServer server;
  RegistryBlobs blobs;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    blobs = Clients.of(server.host(), Access.PULL, home, pacing);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  final void stall(ScriptedServer.Request request, Socket socket) throws IOException {
    pacing.stall();
    hold(socket);
  }

  final byte[] read(long from) throws IOException {
    try (InputStream stream = blobs.read(BLOB, from)) {
      return stream.readAllBytes();
    }
  }

  static byte[] tail(int from) {
    return Arrays.copyOfRange(CONTENT, from, CONTENT.length);
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(5).nextBytes(content);
    return content;
  }
}
