package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.lineage.LineageReport;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Hold;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Lineage trees as a document. No recursion: a chain may be many thousand bases long.
 *
 * @param roots the trees
 * @param baseless the boxes without a base; JSON leaves them out
 * @param holds the holds on bases; only the page shows them
 * @param figures the space of bases and boxes; JSON leaves it out
 */
public record TreeDocument(
    ImmutableList<Node> roots,
    ImmutableList<BoxId> baseless,
    ImmutableList<Hold> holds,
    TreeFigures figures)
    implements Document {

  /**
   * {@return every tree of a home, with figures}
   *
   * @param disks the home
   */
  public static TreeDocument of(BaseDisks disks) {
    return of(disks.lineage().report(), disks);
  }

  /**
   * {@return the trees that a box's disks belong to, with figures}
   *
   * @param disks the home
   * @param box name of the box
   */
  public static TreeDocument of(BaseDisks disks, BoxId box) {
    return of(disks.lineage().reportOf(box), disks);
  }

  private static TreeDocument of(LineageReport lineage, BaseDisks disks) {
    return new TreeDocument(
        lineage.trees(),
        lineage.baseless(),
        lineage.holds(),
        TreeFigures.of(disks.space().ofHome()));
  }

  /**
   * {@return trees for JSON, which has no figures}
   *
   * @param roots the trees
   */
  public static TreeDocument withoutFigures(ImmutableList<Node> roots) {
    return new TreeDocument(roots, ImmutableList.of(), ImmutableList.of(), TreeFigures.NONE);
  }

  @Override
  public void writeText(PrintWriter out) {
    new TreeText(this, Style.PLAIN, Text.ANY_WIDTH).writeText(out);
  }

  /**
   * Writes the text with {@code indent} before each line.
   *
   * @param out the writer to print to
   * @param indent the start of each line
   */
  public void writeText(PrintWriter out, String indent) {
    new TreeText(this, Style.PLAIN, Text.ANY_WIDTH).writeText(out, indent);
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("roots");
    Deque<Iterator<Node>> levels = new ArrayDeque<>();
    levels.push(roots.iterator());
    while (!levels.isEmpty()) {
      if (levels.element().hasNext()) {
        Node node = levels.element().next();
        writeStart(json, node);
        levels.push(node.children().iterator());
      } else {
        levels.pop();
        json.writeEndArray();
        json.writeEndObject();
      }
    }
  }

  /** Writes a node up to its children, and leaves its array and object open. */
  private static void writeStart(JsonGenerator json, Node node) throws IOException {
    json.writeStartObject();
    json.writeFieldName("base");
    BaseDocuments.writeBase(json, node.base());
    json.writeArrayFieldStart("boxes");
    for (BoxId box : node.base().referencedBy()) {
      json.writeString(box.value());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("children");
  }
}
