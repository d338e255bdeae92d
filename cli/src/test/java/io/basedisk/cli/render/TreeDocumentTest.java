package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A chain of ten thousand bases is printed like one of ten. */
class TreeDocumentTest {

  private static final int LEVELS = 10_000;

  @Test
  void a_deep_chain_is_json_of_that_depth() throws IOException {
    StringWriter out = new StringWriter();

    Json.write(out, chain()::writeJson);

    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
            .build();
    int bases = 0;
    int depth = 0;
    int deepest = 0;
    try (JsonParser parser = factory.createParser(out.toString())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        deepest = Math.max(deepest, depth);
        bases += token == JsonToken.FIELD_NAME && parser.currentName().equals("base") ? 1 : 0;
      }
    }
    assertEquals(LEVELS, bases);
    assertEquals(0, depth);
    assertTrue(deepest > 2 * LEVELS, "" + deepest);
  }

  @Test
  void a_deep_chain_is_drawn_in_time_that_grows_with_its_length_alone() {
    StringWriter out = new StringWriter();

    new DotDocument(chain()).writeText(new PrintWriter(out, true));
    new HtmlDocument(chain(), "/home", "basedisk", Instant.EPOCH)
        .writeText(new PrintWriter(out, true));

    assertTrue(out.toString().length() < 2 * LEVELS * 300, "" + out.toString().length());
  }

  @Test
  void a_deep_chain_is_text_that_grows_with_its_length_alone() {
    StringWriter out = new StringWriter();

    chain().writeText(new PrintWriter(out, true));

    ImmutableList<String> lines = out.toString().lines().collect(ImmutableList.toImmutableList());
    assertEquals(LEVELS + 2, lines.size());
    assertTrue(lines.get(2).startsWith("● 00000001  clone_base of b "), lines.get(2));
    assertTrue(lines.get(LEVELS + 1).startsWith("└─ box b "), lines.get(LEVELS + 1));
    assertTrue(out.toString().length() < 300 * LEVELS, "" + out.toString().length());
  }

  private static TreeDocument chain() {
    Node node = null;
    for (int level = LEVELS - 1; level >= 0; level--) {
      node = new Node(details(level), node == null ? ImmutableList.of() : ImmutableList.of(node));
    }
    return TreeDocument.withoutFigures(ImmutableList.of(node));
  }

  private static BaseDetails details(int level) {
    BaseDisk base =
        new BaseDisk(
            id(level),
            BoxId.of("b"),
            null,
            BaseDiskKind.CLONE_BASE,
            new DiskInfo(Path.of("/home/bases", id(level).fileName()), 1 << 20, 1 << 18),
            level == 0 ? null : id(level - 1),
            Instant.EPOCH);
    boolean last = level == LEVELS - 1;
    return new BaseDetails(
        base,
        last ? ImmutableList.of(BoxId.of("b")) : ImmutableList.of(),
        last ? ImmutableList.of() : ImmutableList.of(id(level + 1)));
  }

  private static BaseDiskId id(int level) {
    return new BaseDiskId(String.format("%08d", level));
  }
}
