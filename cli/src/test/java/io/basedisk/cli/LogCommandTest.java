package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a home, at once and as it grows. */
class LogCommandTest {

  /** Moves the cursor, rings the bell, starts a line and turns the direction of the text. */
  private static final String HOSTILE = "x\u001b[2J\u0007\n\u009b31m\u202e";

  @TempDir private Path directory;
  private Cli cli;
  private int nextBox = 2;

  @BeforeEach
  void make_a_home() throws IOException {
    cli = new Cli(directory.toRealPath().resolve("home"));
    cli.json("box", "create", "web-1", "--size", "1M");
  }

  private void append(LoggedChange change) {
    try (SqliteBaseDiskStore store =
        SqliteBaseDiskStore.open(cli.home().resolve("db/basedisk.db"))) {
      store.change(tx -> tx.log().append(Instant.EPOCH, ImmutableList.of(change)));
    }
  }

  /** A pipe whose reader makes a box after its first line, and is gone after its second. */
  private final class ReaderOfTwoLines extends OutputStream {

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private long lines;

    @Override
    public void write(int b) throws IOException {
      read.write(b);
      if (b == '\n') {
        lines++;
        if (lines == 1) {
          cli.json("box", "create", "web-" + nextBox++, "--size", "1M");
        } else {
          throw new IOException("Broken pipe");
        }
      }
    }

    List<String> lines() {
      return Splitter.on('\n').omitEmptyStrings().splitToList(read.toString(UTF_8));
    }
  }

  private List<String> follow(String... args) {
    ReaderOfTwoLines reader = new ReaderOfTwoLines();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment = Map.of("BASEDISK_HOME", cli.home().toString());

    int code = new Program(new Console(reader, err, environment)).run(args);

    assertEquals(141, code, err.toString(UTF_8));
    assertEquals("", err.toString(UTF_8));
    return reader.lines();
  }

  @Test
  void a_follower_gets_each_entry_when_it_comes_and_ends_with_its_reader() {
    List<String> lines = follow("log", "--follow");

    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).endsWith("  create_boxes   web-1  -  box created"), lines::toString);
    assertTrue(lines.get(1).endsWith("  create_boxes   web-2  -  box created"), lines::toString);
  }

  @Test
  void a_follower_gets_an_object_on_each_line() throws IOException {
    List<String> lines = follow("--json", "log", "-f", "-n", "1");

    assertEquals("web-1", JSON.std.mapFrom(lines.get(0)).get("box"));
    assertEquals("web-2", JSON.std.mapFrom(lines.get(1)).get("box"));
  }

  @Test
  void a_follower_begins_with_the_newest_entries() {
    for (int i = 0; i < 12; i++) {
      append(LoggedChange.of(LogEvent.SWEPT).detailed("file " + i));
    }

    assertTrue(follow("log", "--follow").get(0).endsWith("swept (file 2)"));
    assertTrue(follow("log", "--follow", "--limit", "3").get(0).endsWith("swept (file 10)"));
  }

  @Test
  void a_name_can_t_write_to_the_terminal() {
    append(new LoggedChange(LogEvent.SWEPT, null, ImmutableList.of(), null, HOSTILE, HOSTILE));

    String table = cli.run("log").out();
    String line = Iterables.get(follow("log", "--follow", "-n", "1"), 0);

    for (String text : List.of(table, line)) {
      assertTrue(text.contains("swept \"x?[2J???31m?\" (x?[2J???31m?)"), text);
      assertFalse(text.contains("\u001b"), text);
    }
  }

  @Test
  void a_name_is_whole_in_json() {
    append(new LoggedChange(LogEvent.SWEPT, null, ImmutableList.of(), null, HOSTILE, HOSTILE));

    Map<?, ?> entry = (Map<?, ?>) Iterables.getLast(cli.jsonList("log"));

    assertEquals(HOSTILE, entry.get("name"));
    assertEquals(HOSTILE, entry.get("detail"));
  }

  @Test
  void an_entry_of_many_boxes_is_short_for_people_and_names_the_box_that_was_asked_for() {
    cli.json("clone", "web-1", "--count", "5", "--prefix", "c-");

    assertTrue(cli.run("log").out().contains("  c-1 and 4 more  "), cli.run("log").out());
    assertTrue(cli.run("log", "c-3").out().contains("  c-3 and 4 more  "));
    assertEquals(
        5, ((List<?>) ((Map<?, ?>) cli.jsonList("log", "c-3").get(0)).get("boxes")).size());
  }

  @Test
  void a_rebuilt_store_begins_a_new_log() throws IOException {
    Files.delete(cli.home().resolve("db/basedisk.db"));
    Files.deleteIfExists(cli.home().resolve("db/basedisk.db-wal"));
    cli.json("doctor", "--rebuild");

    List<Object> entries = cli.jsonList("log");

    assertEquals("rebuilt", ((Map<?, ?>) entries.get(0)).get("event"));
    assertEquals(1, entries.size(), entries::toString);
  }
}
