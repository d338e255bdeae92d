package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials are found where docker and podman keep them, and shown nowhere. */
class CredentialFinderTest {

  private static final RegistryReference REFERENCE =
      RegistryReference.parse("r.example:5000/team/web");

  @TempDir Path temporary;
  private Path home;
  private Path bin;
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void directories() throws IOException {
    home = Files.createDirectory(temporary.resolve("home"));
    bin = Files.createDirectory(temporary.resolve("bin"));
    variables.put("PATH", bin.toString());
  }

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

  @Test
  void a_helper_of_the_registry() throws IOException {
    helper(
        "vault",
        "read server; echo \"{\\\"Username\\\": \\\"$1 $server\\\", \\\"Secret\\\": \\\"s:1\\\"}\"");
    docker("{\"credHelpers\": {\"r.example:5000\": \"vault\"}, \"credsStore\": \"none\"}");

    assertEquals("get r.example:5000:s:1", password());
  }

  @Test
  void a_store_of_all_registries() throws IOException {
    helper("store", "echo '{\"Username\": \"<token>\", \"Secret\": \"t\"}'");
    docker("{\"credsStore\": \"store\", \"auths\": {\"r.example:5000\": {}}}");

    assertEquals("identity t", text(find()));
  }

  @Test
  void a_store_that_has_nothing_leaves_the_entry() throws IOException {
    helper("store", "echo 'credentials not found in native keychain'; exit 1");
    docker("{\"credsStore\": \"store\", \"auths\": {" + entry("r.example:5000", "user:p") + "}}");

    assertEquals("user:p", password());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo hunter2 >&2; echo hunter2; exit 3",
        "echo hunter2",
        "echo '{\"Username\": hunter2}'",
        "exec yes hunter2"
      })
  void a_helper_that_fails_is_an_error_without_its_output(String script) throws IOException {
    helper("bad", script);
    docker("{\"credsStore\": \"bad\"}");

    StorageException e = assertThrows(StorageException.class, this::find);

    assertTrue(e.getMessage().contains("docker-credential-bad"), e.getMessage());
    assertFalse(Throwables.getStackTraceAsString(e).contains("hunter2"), e.getMessage());
  }

  @Test
  void a_helper_that_does_not_answer_is_killed() throws IOException {
    helper("hangs", "echo $$ >\"" + temporary + "/pid\"; exec sleep 3600");
    CredentialHelper hangs =
        new CredentialHelper("hangs", new Environment(variables, home), Duration.ofMillis(1));

    assertThrows(StorageException.class, () -> hangs.get("r.example"));

    assertTrue(
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains("3600"))
            .allMatch(child -> child.onExit().join() != null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "../../bin/sh", "a b", "-x", "a\\u0000"})
  void a_helper_that_can_not_be_found_is_an_error(String name) throws IOException {
    docker("{\"credsStore\": \"" + name + "\"}");

    assertThrows(StorageException.class, this::find);
  }

  @Test
  void a_helper_of_the_current_directory_is_not_run() throws IOException {
    helper("store", "echo '{\"Username\": \"u\", \"Secret\": \"t\"}'");
    docker("{\"credsStore\": \"store\"}");
    variables.put("PATH", ":." + ":" + Path.of("").toAbsolutePath().relativize(bin));

    assertThrows(StorageException.class, this::find);
  }

  @Test
  void a_secret_shows_nothing() {
    assertEquals(
        "Password[user=u, password=<hidden>]",
        new Credential.Password("u", new Secret("hunter2")).toString());
  }

  private Optional<Credential> find() {
    return new CredentialFinder(REFERENCE, new Environment(variables, home)).find();
  }

  private String password() {
    return text(find());
  }

  private static String text(Optional<Credential> credential) {
    Credential found = credential.orElseThrow();
    if (found instanceof Credential.Password password) {
      return password.user() + ":" + password.password().reveal();
    }
    return found instanceof Credential.IdentityToken identity
        ? "identity " + identity.token().reveal()
        : "registry " + ((Credential.RegistryToken) found).token().reveal();
  }

  private void helper(String name, String script) throws IOException {
    Path file = bin.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private void docker(String json) throws IOException {
    write(home.resolve(".docker/config.json"), json);
  }

  private static void write(Path file, String json) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
  }

  private static String auths(String key, String pair) {
    return "{\"auths\": {" + entry(key, pair) + "}}";
  }

  private static String entry(String key, String pair) {
    return "\""
        + key
        + "\": {\"auth\": \""
        + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))
        + "\"}";
  }
}
