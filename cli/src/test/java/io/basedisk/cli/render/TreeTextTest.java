package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The text of trees: columns, colours and width. */
class TreeTextTest {

  private static ImmutableList<String> lines(MadeUpLineage home, Style style, int width) {
    StringWriter out = new StringWriter();
    new TreeText(home.tree(), style, width).writeText(new PrintWriter(out, true));
    return out.toString().lines().collect(ImmutableList.toImmutableList());
  }

  @Test
  void the_largest_subtree_continues_the_column_and_others_branch_off() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    BaseDiskId a = home.base(BaseDiskKind.ROOTFS, "", "a", null, 1 << 20);
    BaseDiskId b = home.base(BaseDiskKind.SNAPSHOT, "x", "b", a, 1 << 20);
    BaseDiskId c = home.base(BaseDiskKind.CLONE_BASE, "x", null, b, 1 << 20);
    BaseDiskId d = home.base(BaseDiskKind.CLONE_BASE, "y", null, a, 1 << 20);
    home.box("c10", c, 1 << 10);
    home.box("c2", c, 1 << 10);
    home.box("y", d, 1 << 10);
    home.box("alone", null, 1 << 10);

    assertEquals(
        ImmutableList.of(
            "                               VIRTUAL  ALLOCATED  EXCLUSIVE",
            "■ " + a + "  rootfs \"a\"          20 GiB      1 MiB        0 B",
            "├─● " + d + "  clone_base of y   20 GiB      1 MiB        0 B",
            "│ └─ box y                                  1 KiB      1 MiB",
            "◆ " + b + "  snapshot \"b\" of x   20 GiB      1 MiB        0 B",
            "● " + c + "  clone_base of x     20 GiB      1 MiB        0 B",
            "├─ box c2                                   1 KiB      1 KiB",
            "└─ box c10                                  1 KiB      1 KiB",
            "",
            "box alone  (on no base)                     1 KiB      1 KiB"),
        lines(home, Style.PLAIN, Text.ANY_WIDTH));
  }

  @Test
  void no_line_is_wider_than_the_terminal() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    BaseDiskId a = home.base(BaseDiskKind.SNAPSHOT, "x", "n".repeat(255), null, 1 << 20);
    home.box("b".repeat(128), a, 1);

    for (int width : new int[] {60, 80, 120}) {
      for (String line : lines(home, Style.PLAIN, width)) {
        assertTrue(line.length() <= width, width + ": " + line);
      }
    }
    assertTrue(lines(home, Style.PLAIN, 80).get(1).contains("nnn…  "));
    assertTrue(
        lines(home, Style.PLAIN, Text.ANY_WIDTH).get(1).contains("n".repeat(255)),
        "a file or a pipe has whole names");
  }

  @Test
  void a_name_changes_nothing_beside_it() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    home.base(BaseDiskKind.SNAPSHOT, "x", "a\u202egpj.exe\u2028\u2066", null, 1 << 20);
    home.foreign("/tmp/\u001b[2J\u009b2J\n.raw", 1);

    ImmutableList<String> lines = lines(home, Style.PLAIN, Text.ANY_WIDTH);

    assertEquals(4, lines.size(), lines::toString);
    assertTrue(lines.get(1).contains("foreign, /tmp/?[2J?2J?.raw "), lines.get(1));
    assertTrue(lines.get(3).contains("snapshot \"a?gpj.exe??\" of x "), lines.get(3));
  }

  @Test
  void colours_change_nothing_but_the_colours() {
    MadeUpLineage home = MadeUpLineage.fleet(100);

    String colored = String.join("\n", lines(home, Style.COLORED, 80));

    assertTrue(colored.contains("\u001b[35m"), colored);
    assertEquals(
        String.join("\n", lines(home, Style.PLAIN, 80)),
        colored.replaceAll("\u001b\\[[0-9]*m", "").replaceAll("(?m) +$", ""));
    assertFalse(String.join("", lines(home, Style.PLAIN, 80)).contains("\u001b"));
  }

  @Test
  void a_large_home_needs_few_columns() {
    long deepest =
        lines(MadeUpLineage.fleet(5_000), Style.PLAIN, Text.ANY_WIDTH).stream()
            .skip(1)
            .mapToLong(line -> line.chars().takeWhile(c -> "│├└─ ".indexOf(c) >= 0).count())
            .max()
            .orElseThrow();

    assertTrue(deepest <= 2 * 13 + 3, "" + deepest);
  }
}
