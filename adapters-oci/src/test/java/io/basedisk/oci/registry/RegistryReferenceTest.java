package io.basedisk.oci.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** References are read as docker reads them. */
class RegistryReferenceTest {

  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "registry.example/web, registry.example, web, latest",
    "registry.example/team/web:v1, registry.example, team/web, v1",
    "localhost/web:V_1.0-rc, localhost, web, V_1.0-rc",
    "localhost:5000/a/b/c, localhost:5000, a/b/c, latest",
    "127.0.0.1:5000/web, 127.0.0.1:5000, web, latest",
    "[::1]:5000/web:1, [::1]:5000, web, 1",
    "r.example:443/a.b/c_d/e__f/g-h/i---j:x, r.example:443, a.b/c_d/e__f/g-h/i---j, x",
    "docker.io/debian:12, docker.io, library/debian, 12",
    "docker.io/user/web, docker.io, user/web, latest",
  })
  void a_reference_with_a_tag(String text, String registry, String repository, String tag) {
    RegistryReference reference = RegistryReference.parse(text);

    assertEquals(new RegistryReference(registry, repository, tag, null), reference);
    assertEquals(reference, RegistryReference.parse(reference.toString()));
  }

  @Test
  void a_reference_with_a_digest() {
    RegistryReference reference = RegistryReference.parse("r.example/team/web@" + DIGEST);

    assertEquals(DIGEST, reference.name());
    assertEquals(DIGEST, reference.pinned().orElseThrow().toString());
    assertEquals("r.example/team/web@" + DIGEST, reference.toString());
  }

  @Test
  void the_hub_of_docker_answers_on_another_host() {
    assertEquals("registry-1.docker.io", RegistryReference.parse("docker.io/a").apiHost());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "web",
        "web:latest",
        "team/web",
        "/web",
        "r.example",
        "r.example/",
        "r.example/Web",
        "r.example/web/",
        "r.example//web",
        "r.example/web:",
        "r.example/web:.v1",
        "r.example/web:-v1",
        "r.example/web:a b",
        "r.example/web:a:b",
        "r.example/-web",
        "r.example/web-",
        "r.example/a..b",
        "r.example/a___b",
        "r.example/../../etc",
        "r.example/web?x=1",
        "r.example/web#x",
        "r.example/web%2f",
        "r.example/web@sha256:12",
        "r.example/web@md5:0123456789abcdef0123456789abcdef",
        "r.example/web:v1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "r..example/web",
        ".example/web",
        "-r.example/web",
        "r-.example/web",
        "r.example:/web",
        "r.example:0/web",
        "r.example:65536/web",
        "r.example:port/web",
        "r.example:1:2/web",
        "user@r.example/web",
        "user:secret@r.example/web",
        "https://r.example/web",
        "r.example\n/web",
        "::1/web",
      })
  void an_invalid_reference(String text) {
    assertThrows(InvalidArgumentException.class, () -> RegistryReference.parse(text));
  }

  @Test
  void long_names_are_invalid() {
    RegistryReference.parse("r.example/" + "a".repeat(245) + ":" + "t".repeat(128));

    assertThrows(
        InvalidArgumentException.class,
        () -> RegistryReference.parse("r.example/" + "a".repeat(246)));
    assertThrows(
        InvalidArgumentException.class,
        () -> RegistryReference.parse("r.example/a:" + "t".repeat(129)));
    assertThrows(
        InvalidArgumentException.class,
        () -> RegistryReference.parse("r.example/" + "a-".repeat(1_000_000)));
  }

  @Test
  void the_error_says_what_is_expected() {
    String message =
        assertThrows(InvalidArgumentException.class, () -> RegistryReference.parse("web:v1"))
            .getMessage();

    assertTrue(message.contains("registry/name[:tag|@digest]"), message);
  }
}
