package io.basedisk.oci.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials are found where docker and podman keep them, and shown nowhere. */
class CredentialFinderTest extends CredentialFixture {

  @Test
  void no_files() {
    assertEquals(Optional.empty(), find());
  }

  @Test
  void the_files_are_looked_at_in_their_order() throws IOException {
    variables.put("DOCKER_CONFIG", temporary.resolve("docker").toString());
    variables.put("REGISTRY_AUTH_FILE", temporary.resolve("auth.json").toString());
    variables.put("XDG_RUNTIME_DIR", temporary.resolve("run").toString());
    Path[] files = {
      home.resolve(".docker/config.json"),
      home.resolve(".config/containers/auth.json"),
      temporary.resolve("run/containers/auth.json"),
      temporary.resolve("auth.json"),
      temporary.resolve("docker/config.json")
    };
    for (int i = 0; i < files.length; i++) {
      write(files[i], auths("r.example:5000", "user" + i + ":p"));

      assertEquals("user" + i + ":p", password());
    }
  }

  @Test
  void a_file_without_the_registry_leads_to_the_next() throws IOException {
    variables.put("REGISTRY_AUTH_FILE", temporary.resolve("auth.json").toString());
    write(temporary.resolve("auth.json"), auths("other.example", "other:p"));
    write(home.resolve(".docker/config.json"), auths("r.example:5000", "user:p"));

    assertEquals("user:p", password());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r.example:5000",
        "https://r.example:5000",
        "https://r.example:5000/v1/",
        "http://r.example:5000/v2/",
        "r.example:5000/v1/",
        "r.example:5000/team",
        "r.example:5000/team/web"
      })
  void keys_of_docker_and_podman(String key) throws IOException {
    docker(auths(key, "user:p"));

    assertEquals("user:p", password());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r.example",
        "r.example:50",
        "https://r.example/v1/",
        "r.example:5000/tea",
        "r.example:5000/team/web/x",
        "evil.r.example:5000",
        ""
      })
  void keys_of_others(String key) throws IOException {
    docker(auths(key, "user:p"));

    assertEquals(Optional.empty(), find());
  }

  @Test
  void the_longest_key_wins() throws IOException {
    docker(
        "{\"auths\": {"
            + entry("r.example:5000", "host:p")
            + ","
            + entry("r.example:5000/team/web", "repository:p")
            + ","
            + entry("r.example:5000/team", "team:p")
            + "}}");

    assertEquals("repository:p", password());
  }

  @Test
  void the_key_of_docker_hub() throws IOException {
    docker(auths("https://index.docker.io/v1/", "user:p"));

    assertEquals(
        "user:p",
        text(
            new CredentialFinder(
                    RegistryReference.parse("docker.io/web"), new Environment(variables, home))
                .find()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:a:b::c", "user:", "user: p ", "user:\u00e4\u20ac"})
  void a_password_may_have_any_characters(String pair) throws IOException {
    docker(auths("r.example:5000", pair));

    assertEquals(pair, password());
  }

  @Test
  void an_old_password_with_zeros_at_its_end() throws IOException {
    docker(auths("r.example:5000", "user:p\0\0"));

    assertEquals("user:p", password());
  }

  @Test
  void a_user_and_a_password_in_the_clear() throws IOException {
    docker(
        "{\"auths\": {\"r.example:5000\": {\"auth\": \"\", \"username\": \"u\", \"password\":"
            + " \"p\"}}}");

    assertEquals("u:p", password());
  }

  @Test
  void tokens() throws IOException {
    docker("{\"auths\": {\"r.example:5000\": {\"auth\": \"\", \"identitytoken\": \"t1\"}}}");
    assertEquals("identity t1", text(find()));

    docker("{\"auths\": {\"r.example:5000\": {\"registrytoken\": \"t2\"}}}");
    assertEquals("registry t2", text(find()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"auths\": null}",
        "{\"auths\": []}",
        "{\"auths\": {}}",
        "{\"auths\": {\"r.example:5000\": {}}}",
        "{\"auths\": {\"r.example:5000\": null}}",
        "{\"auths\": {\"r.example:5000\": \"x\"}}",
        "{\"credHelpers\": {}, \"credsStore\": \"\", \"HttpHeaders\": {\"a\": [1, true]}}"
      })
  void files_without_a_credential(String json) throws IOException {
    docker(json);

    assertEquals(Optional.empty(), find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "{\"auths\": {\"r.example:5000\": {\"auth\": hunter2}}}",
        "{\"auths\": {\"r.example:5000\": {\"auth\": \"!hunter2!\"}}}",
        "{\"auths\": {\"r.example:5000\": {\"auth\": \"aHVudGVyMg==\"}}}",
        "{\"auths\": {\"r.example:5000\": {\"registrytoken\": \"hunter2\\r\\nX: y\"}}}",
        "{\"auths\": {}} hunter2"
      })
  void an_invalid_file_is_an_error_that_names_it_without_its_content(String json)
      throws IOException {
    docker(json);

    StorageException e = assertThrows(StorageException.class, this::find);

    assertTrue(e.getMessage().contains(home + "/.docker/config.json"), e.getMessage());
    assertFalse(Throwables.getStackTraceAsString(e).contains("hunter2"), e.getMessage());
  }

  @Test
  void a_huge_file_is_an_error() throws IOException {
    docker(" ".repeat(2 << 20));

    assertThrows(StorageException.class, this::find);
  }
}
