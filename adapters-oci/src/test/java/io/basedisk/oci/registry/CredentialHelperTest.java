package io.basedisk.oci.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that other programs keep. */
class CredentialHelperTest extends CredentialFixture {

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
}
