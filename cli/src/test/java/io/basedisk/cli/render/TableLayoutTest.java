package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables on terminals of several widths. */
class TableLayoutTest {

  private static final String DISK = "/srv/basedisk/boxes/web-1/disks/disk.qcow2";

  private static String table(int columns, Style style) {
    Text.Table table =
        new Text.Table("BOX", "VIRTUAL", "BASE", "CREATED", "DISK")
            .cutting("DISK")
            .shortening("CREATED")
            .leavingOut("CREATED");
    table.row("web-1", "10 GiB", "zb3Y9qLM", "2026-01-31 12:00:00", DISK);
    table.row("database-of-tests", "1 GiB", "-", "2026-01-31 12:00:00", DISK);
    StringWriter text = new StringWriter();
    ScreenWriter out = new ScreenWriter(text, () -> columns);
    out.use(style);
    table.write(out, "nothing");
    out.flush();
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 40, 50, 60, 80, 100, 200})
  void lines_fit_and_names_and_ids_are_in_full(int columns) {
    String text = table(columns, Style.PLAIN);

    text.lines().forEach(line -> assertTrue(line.length() <= columns, text));
    assertTrue(text.contains("web-1"), text);
    assertTrue(text.contains("database-of-tests"), text);
    assertTrue(text.contains("zb3Y9qLM"), text);
  }

  @Test
  void what_fits_is_as_wide_as_it_is() {
    assertEquals(table(Text.ANY_WIDTH, Style.PLAIN), table(200, Style.PLAIN));
    assertTrue(table(200, Style.PLAIN).contains("12:00:00  " + DISK + "\n"));
  }

  @Test
  void times_become_dates_before_a_column_is_cut() {
    String text = table(96, Style.PLAIN);

    assertTrue(text.contains("zb3Y9qLM  2026-01-31  " + DISK + "\n"), text);
  }

  @Test
  void columns_are_cut_then_left_out() {
    assertTrue(table(72, Style.PLAIN).contains("2026-01-31  /srv/based"), table(72, Style.PLAIN));
    assertTrue(table(72, Style.PLAIN).contains("…"), table(72, Style.PLAIN));
    assertFalse(table(56, Style.PLAIN).contains("CREATED"), table(56, Style.PLAIN));
  }

  @Test
  void in_too_narrow_a_terminal_each_cell_has_a_line() {
    String text = table(30, Style.PLAIN);

    assertTrue(text.startsWith("web-1\n  VIRTUAL  10 GiB\n  BASE     zb3Y9qLM\n"), text);
  }

  @Test
  void a_sentence_goes_on_in_the_next_line() {
    Text.Table table = new Text.Table("KEPT", "WHY");
    table.row("zb3Y9qLM", "it is the snapshot before-upgrade of box web-1");
    StringWriter text = new StringWriter();
    ScreenWriter out = new ScreenWriter(text, () -> 40);
    table.write(out, "nothing");
    out.flush();

    assertEquals(
        "zb3Y9qLM\n  WHY  it is the snapshot before-upgrade\n       of box web-1\n",
        text.toString());
  }

  @Test
  void colours_change_no_width() {
    String text = table(72, Style.COLORED);

    assertTrue(text.contains("\u001b["), text);
    assertEquals(table(72, Style.PLAIN), text.replaceAll("\u001b\\[[0-9;]*m", ""));
  }

  private static String wideTable(int columns) {
    Text.Table table = new Text.Table("NAME", "NOTE").cutting("NOTE");
    table.row("数据库", "🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊 behind");
    table.row("web-1", "e\u0301");
    StringWriter text = new StringWriter();
    ScreenWriter out = new ScreenWriter(text, () -> columns);
    table.write(out, "nothing");
    out.flush();
    return text.toString();
  }

  @Test
  void a_wide_character_takes_two_columns_and_an_accent_none() {
    assertEquals(
        """
        NAME    NOTE
        数据库  🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊 behind
        web-1   e\u0301
        """,
        wideTable(Text.ANY_WIDTH));
  }

  @Test
  void wide_characters_are_cut_at_the_edge() {
    assertTrue(wideTable(24).contains("数据库  🦊🦊🦊🦊🦊🦊🦊…\n"), wideTable(24));
    assertTrue(wideTable(25).contains("数据库  🦊🦊🦊🦊🦊🦊🦊🦊…\n"), wideTable(25));
  }
}
