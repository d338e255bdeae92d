package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs.Blob;
import io.basedisk.oci.testing.RegistryProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client works with docker's registry, and skopeo reads what it has pushed. */
@Tag("oracle")
class DockerRegistryOracleTest {

  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  /** The bcrypt hash of the password {@code pass:word} of {@code user}. */
  private static final String HTPASSWD =
      "user:$2y$05$8hIWzcOUJnlG5gOFiuvQgulf4PqBg0S9hG4MNVrSDV3CtweKy5hj.\n";

  private static final byte[] CONFIG = "{}".getBytes(UTF_8);
  private static final byte[] LAYER = layer(3_000_001);

  @TempDir Path temporary;
  private Path home;
  private final TestPacing pacing = new TestPacing();

  @BeforeAll
  static void assumeRegistry() {
    RegistryProcess.assumeInstalled(RegistryProcess.PROGRAM);
  }

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(temporary.resolve("home"));
  }

  @Test
  void push_and_pull() throws IOException {
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      assertPushesAndPulls(registry.host());
    }
  }

  @Test
  void a_blob_is_read_from_its_middle() throws IOException {
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      push(registry.host());
      RegistryBlobs pull = client(registry.host(), Access.PULL);

      for (int from : new int[] {1, 1_500_000, LAYER.length - 1, LAYER.length}) {
        try (InputStream stream = pull.read(Clients.blob(LAYER), from)) {
          assertArrayEquals(Arrays.copyOfRange(LAYER, from, LAYER.length), stream.readAllBytes());
        }
      }
    }
  }

  @Test
  void a_blob_of_another_repository_is_mounted() throws IOException {
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      push(registry.host());
      RegistryBlobs copy =
          RegistryBlobs.of(
              RegistryReference.parse(registry.host() + "/copy"),
              Access.PUSH,
              RegistryOptions.DEFAULT.withMountFrom(Clients.REPOSITORY),
              new Environment(Map.of(), home),
              pacing.pacing());
      long[] reports = {0};

      // Another file of the same length, which an upload would be found out by.
      copy.write(
          Clients.blob(LAYER),
          Files.write(temporary.resolve("zeros"), new byte[LAYER.length]),
          (done, total) -> reports[0]++);

      assertTrue(copy.has(Clients.blob(LAYER)));
      assertEquals(1, reports[0]);
    }
  }

  @Test
  void a_file_with_another_digest_is_rejected() throws IOException {
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      RegistryBlobs push = client(registry.host(), Access.PUSH);
      Path zeros = Files.write(temporary.resolve("zeros"), new byte[LAYER.length]);

      String message =
          assertThrows(
                  StorageException.class,
                  () -> push.write(Clients.blob(LAYER), zeros, Progress.NONE))
              .getMessage();

      assertTrue(message.contains("DIGEST_INVALID"), message);
      assertFalse(push.has(Clients.blob(LAYER)));
    }
  }

  @Test
  void what_does_not_exist() throws IOException {
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      RegistryBlobs pull = client(registry.host(), Access.PULL);
      Blob blob = Clients.blob(LAYER);

      assertFalse(pull.has(blob));
      assertEquals(ImmutableList.of(), pull.tags());
      assertEquals(Optional.empty(), pull.manifest("latest"));
      assertEquals(Optional.empty(), pull.manifest(blob.digest().toString()));
      assertThrows(NotFoundException.class, () -> pull.read(blob, 0));
    }
  }

  @Test
  void many_tags_are_listed() throws IOException {
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      byte[] manifest = push(registry.host());
      RegistryBlobs blobs = client(registry.host(), Access.PUSH);
      for (String tag : List.of("z", "a", "m")) {
        blobs.putManifest(tag, MANIFEST_TYPE, manifest);
      }

      assertEquals(ImmutableList.of("a", "m", "v1", "z"), blobs.tags());
    }
  }

  @Test
  void a_user_and_a_password() throws IOException {
    Path users = Files.writeString(temporary.resolve("htpasswd"), HTPASSWD);
    try (RegistryProcess registry =
        RegistryProcess.start(
            temporary, "auth:", "  htpasswd:", "    realm: test", "    path: " + users)) {
      assertThrows(RefusedException.class, () -> client(registry.host(), Access.PULL).tags());
      Clients.logIn(home, registry.host(), "user", "wrong");
      assertThrows(RefusedException.class, () -> client(registry.host(), Access.PULL).tags());

      Clients.logIn(home, registry.host(), "user", "pass:word");
      assertPushesAndPulls(registry.host());
    }
  }

  @Test
  void tokens() throws Exception {
    SelfSignedKey key = SelfSignedKey.make(temporary, "dns:issuer.example");
    try (ScriptedServer server = new ScriptedServer();
        RegistryProcess registry =
            RegistryProcess.start(
                temporary,
                "auth:",
                "  token:",
                "    realm: http://" + server.host() + "/token",
                "    service: test",
                "    issuer: issuer.example",
                "    rootcertbundle: " + key.pem())) {
      server.then(
          (request, socket) ->
              ScriptedServer.reply(200, "{\"token\": \"" + token(key, request.target()) + "\"}")
                  .answer(request, socket));

      assertPushesAndPulls(registry.host());

      assertEquals(
          List.of(
              "GET /token?scope=repository%3Ateam%2Fweb%3Apull%2Cpush&service=test",
              "GET /token?scope=repository%3Ateam%2Fweb%3Apull&service=test"),
          server.lines());
    }
  }

  @Test
  void skopeo_reads_and_copies_what_was_pushed() throws Exception {
    RegistryProcess.assumeInstalled("skopeo");
    try (RegistryProcess registry = RegistryProcess.start(temporary)) {
      byte[] manifest = push(registry.host());
      String source = "docker://" + registry.host() + "/" + Clients.REPOSITORY + ":v1";
      Path copy = temporary.resolve("copy");

      byte[] raw = RegistryProcess.skopeo("inspect", "--raw", "--tls-verify=false", source);
      RegistryProcess.skopeo("copy", "--src-tls-verify=false", source, "dir:" + copy);

      assertArrayEquals(manifest, raw);
      assertArrayEquals(LAYER, Files.readAllBytes(copy.resolve(Clients.digest(LAYER).hex())));
    }
  }

  private void assertPushesAndPulls(String host) throws IOException {
    byte[] manifest = push(host);
    RegistryBlobs pull = client(host, Access.PULL);

    assertTrue(pull.has(Clients.blob(LAYER)));
    assertFalse(pull.has(new Blob(Clients.digest(LAYER), 7)));
    try (InputStream stream = pull.read(Clients.blob(LAYER), 0)) {
      assertArrayEquals(LAYER, stream.readAllBytes());
    }
    assertArrayEquals(manifest, pull.manifest("v1").orElseThrow());
    assertArrayEquals(manifest, pull.manifest(Clients.digest(manifest).toString()).orElseThrow());
    assertEquals(ImmutableList.of("v1"), pull.tags());
    assertEquals(List.of(), pacing.waits());
  }

  private byte[] push(String host) throws IOException {
    byte[] manifest =
        ("{\"schemaVersion\": 2, \"mediaType\": \""
                + MANIFEST_TYPE
                + "\", \"config\": "
                + descriptor("application/vnd.example.config.v1+json", CONFIG)
                + ", \"layers\": ["
                + descriptor("application/vnd.example.layer.v1", LAYER)
                + "]}")
            .getBytes(UTF_8);
    RegistryBlobs push = client(host, Access.PUSH);
    for (byte[] content : List.of(CONFIG, LAYER, LAYER)) {
      push.write(
          Clients.blob(content), Files.write(temporary.resolve("blob"), content), Progress.NONE);
    }
    push.putManifest("v1", MANIFEST_TYPE, manifest);
    return manifest;
  }

  private static String descriptor(String type, byte[] content) {
    return "{\"mediaType\": \""
        + type
        + "\", \"digest\": \""
        + Clients.digest(content)
        + "\", \"size\": "
        + content.length
        + "}";
  }

  private RegistryBlobs client(String host, Access access) {
    return Clients.of(host, access, home, pacing);
  }

  /** A token that allows what the request asks for, as docker's token specification says. */
  private static String token(SelfSignedKey key, String target) {
    Matcher scope = Pattern.compile("repository%3Ateam%2Fweb%3A([a-z%2C]+)").matcher(target);
    assertTrue(scope.find(), target);
    String actions = scope.group(1).replace("%2C", "\",\"");
    Instant now = Instant.now();
    String claims =
        "{\"iss\":\"issuer.example\",\"sub\":\"\",\"aud\":\"test\",\"jti\":\"1\",\"iat\":"
            + now.getEpochSecond()
            + ",\"nbf\":"
            + now.minus(Duration.ofDays(1)).getEpochSecond()
            + ",\"exp\":"
            + now.plus(Duration.ofDays(1)).getEpochSecond()
            + ",\"access\":[{\"type\":\"repository\",\"name\":\"team/web\",\"actions\":[\""
            + actions
            + "\"]}]}";
    try {
      String header =
          "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + key.encodedCertificate() + "\"]}";
      String signed = encode(header.getBytes(UTF_8)) + "." + encode(claims.getBytes(UTF_8));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.key());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] layer(int length) {
    byte[] content = new byte[length];
    new Random(11).nextBytes(content);
    return content;
  }
}
