package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Lineage trees in the language of Graphviz. An edge leads from a box or base to the base below it.
 */
public record DotDocument(TreeDocument tree) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    out.println("digraph basedisk {");
    out.println("  rankdir=BT;");
    out.println("  node [shape=box];");
    tree.visit(
        new TreeDocument.Visitor() {
          @Override
          public void base(BaseDetails base, @Nullable BaseDetails below, int level) {
            node(out, nodeOf(base), BaseDocuments.label(base.base()), "style=filled");
            edge(out, nodeOf(base), below);
          }

          @Override
          public void box(BoxId box, @Nullable BaseDetails below, int level) {
            // A box with two disks is visited twice but is one node.
            node(out, "box " + box, "box " + box, "shape=ellipse");
            edge(out, "box " + box, below);
          }
        });
    out.println("}");
  }

  private static String nodeOf(BaseDetails base) {
    return "base " + base.base().id();
  }

  private static void node(PrintWriter out, String name, String label, String attribute) {
    out.println("  " + quoted(name) + " [label=" + quoted(label) + ", " + attribute + "];");
  }

  private static void edge(PrintWriter out, String from, @Nullable BaseDetails to) {
    if (to != null) {
      out.println("  " + quoted(from) + " -> " + quoted(nodeOf(to)) + ";");
    }
  }

  private static String quoted(String text) {
    return '"' + Text.line(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    tree.writeJson(json);
  }
}
