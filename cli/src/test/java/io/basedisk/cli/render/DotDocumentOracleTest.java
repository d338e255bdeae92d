package io.basedisk.cli.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Graphviz draws of {@code tree --format dot}. */
class DotDocumentOracleTest {

  @TempDir private Path directory;

  @BeforeEach
  void graphviz_is_installed() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dot")), "graphviz is not installed");
  }

  private String svg(MadeUpLineage home) throws IOException, InterruptedException {
    StringWriter out = new StringWriter();
    new DotDocument(home.tree()).writeText(new PrintWriter(out, true));
    Path dot = Files.writeString(directory.resolve("tree.dot"), out.toString());
    Path svg = directory.resolve("tree.svg");
    Process process =
        new ProcessBuilder("/usr/bin/dot", "-Tsvg", dot.toString(), "-o", svg.toString())
            .redirectErrorStream(true)
            .start();
    String messages = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), messages);
    assertEquals("", messages);
    return Files.readString(svg);
  }

  private static int points(String svg, String side) {
    Matcher found = Pattern.compile("<svg [^>]*" + side + "=\"([0-9]+)pt\"").matcher(svg);
    assertTrue(found.find(), side);
    return Integer.parseInt(found.group(1));
  }

  @Test
  void a_name_is_drawn_as_it_is() throws Exception {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    home.base(BaseDiskKind.SNAPSHOT, "b", "say \"&lt;a>\" %n", null, 1);
    home.foreign("C:\\new\\line \\\"\n.raw", 1);

    String svg = svg(home);

    assertTrue(svg.contains("snapshot &quot;say &quot;&amp;lt;a&gt;&quot; %n&quot; of b"), svg);
    assertTrue(svg.contains("foreign, C:\\new\\line \\&quot;?.raw"), svg);
  }

  @Test
  void the_boxes_on_a_base_are_one_node() throws Exception {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    BaseDiskId base = home.base(BaseDiskKind.CLONE_BASE, "c1", null, null, 1);
    for (int i = 12; i > 0; i--) {
      home.box("c" + i, base, 1);
    }

    String svg = svg(home);

    assertEquals(2, svg.split("class=\"node\"", -1).length - 1, svg);
    assertTrue(svg.contains(">12 boxes<"), svg);
    assertTrue(svg.contains(">c1, c2, c3, c4 and 8 more<"), svg);
  }

  @Test
  void five_hundred_bases_are_a_sheet_and_not_a_ribbon() throws Exception {
    String svg = svg(MadeUpLineage.fleet(522));

    assertTrue(points(svg, "width") < 12_000, "width " + points(svg, "width"));
    assertTrue(points(svg, "height") < 12_000, "height " + points(svg, "height"));
  }
}
