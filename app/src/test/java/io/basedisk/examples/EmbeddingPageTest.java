package io.basedisk.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.transfer.Transfers.Imported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in docs/embedding.md equals the examples, which compile and behave as described. */
class EmbeddingPageTest {

  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void the_page_for_embedders_shows_the_examples_word_for_word() throws IOException {
    assertEquals(
        ImmutableList.of(
            bodyOf("EmbeddingExample"),
            bodyOf("RemedyExample"),
            bodyOf("ImagesExample"),
            bodyOf("TransferExample"),
            excerptOf(
                "fleet/src/main/java/example/fleet/Fleet.java",
                "hasStarted.await()",
                "the batch ended"),
            excerptOf(
                "metrics/src/main/java/example/metrics/Metrics.java",
                "PrometheusMeterRegistry registry =",
                ".open()) {"),
            excerptOf(
                "http/src/main/java/example/http/BoxServer.java",
                "if (error instanceof InvalidArgumentException)",
                "return 500;"),
            bodyOf("SwappingTheStoreExample")),
        javaIn("docs/embedding.md"));
  }

  /**
   * Returns the lines of a program in {@code examples}, from the first with one text to the first
   * after it with another.
   */
  private static String excerptOf(String file, String first, String last) throws IOException {
    String source = Files.readString(Path.of("../examples", file));
    int start = source.lastIndexOf('\n', source.indexOf(first)) + 1;
    int end = source.indexOf('\n', source.indexOf(last, start));
    return source.substring(start, end).stripIndent() + "\n";
  }

  private static ImmutableList<String> javaIn(String page) throws IOException {
    return JAVA.matcher(Files.readString(Path.of("..", page)))
        .results()
        .map((MatchResult block) -> block.group(1))
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void an_embedded_home_keeps_what_the_clones_need() {
    ImmutableList<BoxDetails> boxes = EmbeddingExample.run(directory.resolve("home"));

    assertEquals(2, boxes.size());
    assertTrue(Files.exists(directory.resolve("home/bases/" + boxes.get(0).baseId() + ".qcow2")));
  }

  @Test
  void the_main_job_runs_on_another_store() {
    Path home = directory.resolve("home");

    CollectionReport report = SwappingTheStoreExample.run(home);

    assertEquals(1, report.collected().size());
    assertTrue(Files.notExists(home.resolve("db/basedisk.db")));
  }

  @Test
  void a_box_s_disk_is_converted_with_all_that_it_reads() {
    ImageInfo copy = ImagesExample.run(directory.resolve("home"));

    assertEquals(ByteSize.parse("10G").bytes(), copy.virtualSize());
    assertNull(copy.backing());
  }

  @Test
  void a_box_travels_through_a_directory() {
    Imported imported = TransferExample.run(directory.resolve("home"));

    assertEquals("web-2", imported.box().box().id().value());
    assertTrue(imported.layers().get(0).reused());
    assertTrue(Files.exists(directory.resolve("images/index.json")));
  }

  @Test
  void an_error_says_the_next_step() {
    Path missing = directory.resolve("missing");

    assertEquals(
        "no home at " + missing + ": is its file system mounted?", RemedyExample.run(missing));
  }

  /** Returns the body of the method of an example. */
  private static String bodyOf(String example) throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/basedisk/examples/" + example + ".java"));
    int start = source.indexOf("run(Path home) {\n") + "run(Path home) {\n".length();
    return source.substring(start, source.indexOf("\n  }\n}", start)).stripIndent() + "\n";
  }
}
