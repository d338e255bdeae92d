package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of {@code home show} for usable and unusable homes. */
class HomeShowCommandTest {

  @TempDir private Path temporary;
  private Path directory;
  private Cli cli;

  @BeforeEach
  void make_a_home() throws IOException {
    directory = temporary.toRealPath();
    cli = new Cli(directory.resolve("home"));
    cli.json("box", "create", "web-1", "--size", "1M");
    cli.json("snapshot", "create", "web-1", "clean");
    cli.json("snapshot", "create", "web-1", "more");
  }

  @Test
  void a_home_that_can_be_used() {
    Map<String, Object> shown = cli.json("home", "show");

    assertEquals(cli.home().toString(), shown.get("home"));
    assertTrue(String.valueOf(shown.get("id")).matches("[0-9a-f]{32}"), shown.toString());
    assertTrue(shown.get("schema") instanceof Integer, shown.toString());
    assertEquals(true, shown.get("usable"));
    assertFalse(shown.containsKey("problem"));
    assertEquals(1, shown.get("boxes"));
    assertEquals(2, shown.get("bases"));
    String text = cli.run("home", "show").out();
    assertTrue(text.startsWith("home    " + cli.home() + "\n"), text);
    assertTrue(text.contains("usable  yes\n"), text);
  }

  @Test
  void a_home_that_was_moved() throws IOException {
    Object id = cli.json("home", "show").get("id");
    Cli moved =
        new Cli(Files.move(cli.home(), directory.resolve("moved"), StandardCopyOption.ATOMIC_MOVE));

    Map<String, Object> shown = moved.json("home", "show");

    assertEquals(moved.home().toString(), shown.get("home"));
    assertEquals(id, shown.get("id"));
    assertEquals(false, shown.get("usable"));
    assertTrue(String.valueOf(shown.get("problem")).contains(cli.home().toString()));
    assertEquals(1, shown.get("boxes"));
    assertTrue(moved.run("home", "show").out().contains("usable   no\n"));
  }

  @Test
  void a_home_whose_store_is_lost() throws IOException {
    Object id = cli.json("home", "show").get("id");
    Files.delete(cli.home().resolve("db/basedisk.db"));

    assertUnopened(id, "no store");
  }

  @Test
  void a_home_whose_store_is_no_database() throws IOException {
    Object id = cli.json("home", "show").get("id");
    Files.writeString(cli.home().resolve("db/basedisk.db"), "x".repeat(1000));

    assertUnopened(id, "not an SQLite database");
  }

  @Test
  void a_home_with_the_store_of_another_one() throws IOException {
    Cli other = new Cli(directory.resolve("other"));
    other.json("box", "create", "other", "--size", "1M");
    Object id = cli.json("home", "show").get("id");
    ScratchMount.run("cp", other.home() + "/db/basedisk.db", cli.home() + "/db/basedisk.db");

    assertUnopened(id, "another home");
  }

  private void assertUnopened(Object id, String problem) {
    Map<String, Object> shown = cli.json("home", "show");

    assertEquals(cli.home().toString(), shown.get("home"));
    assertEquals(id, shown.get("id"));
    assertEquals(false, shown.get("usable"));
    assertTrue(String.valueOf(shown.get("problem")).contains(problem), shown.toString());
    assertFalse(shown.containsKey("boxes"));
    assertFalse(shown.containsKey("schema"));
  }

  @Test
  void no_home_is_4() {
    assertEquals(4, new Cli(directory.resolve("nowhere")).run("home", "show").code());
    assertFalse(Files.exists(directory.resolve("nowhere")));
  }
}
