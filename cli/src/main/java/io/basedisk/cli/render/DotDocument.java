package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.space.BaseSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lineage trees in the language of Graphviz, from left to right. An edge leads from a base to a
 * base or to the boxes on it. The boxes on one base are one node, so that the drawing stays
 * readable.
 */
public record DotDocument(TreeDocument tree) implements Document {

  /** The number of boxes that a node names; it counts the others. */
  private static final int NAMED_BOXES = 4;

  private static final String HEAD =
      """
      digraph basedisk {
        rankdir=LR;
        ranksep=0.5;
        nodesep=0.1;
        node [shape=box, style="rounded,filled", fillcolor=white, color="#5d636b", fontname="Helvetica", fontsize=10, height=0.3, margin="0.12,0.05"];
        edge [arrowhead=none, color="#8a919a"];
      """;

  @Override
  public void writeText(PrintWriter out) {
    out.print(HEAD);
    Branching branching = new Branching(tree.roots());
    Deque<Node> toWrite = new ArrayDeque<>();
    for (Node root : tree.roots()) {
      toWrite.push(root);
      while (!toWrite.isEmpty()) {
        Node node = toWrite.pop();
        write(out, node);
        branching.children(node).reverse().forEach(toWrite::push);
      }
    }
    if (!tree.baseless().isEmpty()) {
      ImmutableList<BoxId> boxes =
          ImmutableList.sortedCopyOf(NaturalOrder.ofNames(), tree.baseless());
      out.println("  " + quoted("boxes on no base") + boxes("on no base: ", boxes));
    }
    out.println("}");
  }

  private void write(PrintWriter out, Node node) {
    BaseDisk base = node.base().base();
    String name = quoted("base " + base.id());
    out.println(
        "  " + name + " [label=" + label(base) + ", fillcolor=" + color(base.kind()) + "];");
    if (base.parentId() != null) {
      out.println("  " + quoted("base " + base.parentId()) + " -> " + name + ";");
    }
    ImmutableList<BoxId> boxes = Branching.boxes(node);
    if (!boxes.isEmpty()) {
      String group = quoted("boxes on " + base.id());
      out.println("  " + group + boxes("", boxes));
      out.println("  " + name + " -> " + group + ";");
    }
  }

  private String label(BaseDisk base) {
    String sizes =
        tree.figures()
            .find(base.id())
            .map(BaseSpace::allocatedBytes)
            .map(bytes -> Sizes.human(bytes) + " allocated")
            .orElse(Sizes.human(base.diskInfo().containerDiskBytes()) + " virtual");
    return lines(BaseDocuments.label(base), sizes + ", " + Text.date(base.createdAt()));
  }

  private static String boxes(String what, ImmutableList<BoxId> boxes) {
    int named = boxes.size() <= NAMED_BOXES + 1 ? boxes.size() : NAMED_BOXES;
    String names = Joiner.on(", ").join(boxes.subList(0, named));
    int others = boxes.size() - named;
    String all = others == 0 ? names : names + " and " + others + " more";
    String label =
        boxes.size() == 1
            ? lines(what + "box " + all)
            : lines(what + Text.count(boxes.size(), "box", "boxes"), all);
    return " [label=" + label + ", style=rounded];";
  }

  private static String color(BaseDiskKind kind) {
    return switch (kind) {
      case SNAPSHOT -> "\"#e9defc\"";
      case CLONE_BASE -> "\"#d3efeb\"";
      case ROOTFS -> "\"#fbe7c6\"";
    };
  }

  private static String lines(String... lines) {
    StringBuilder label = new StringBuilder("\"");
    for (String line : lines) {
      // In a label, \l ends a line that is set flush left, and an ampersand may start an entity.
      label.append(escaped(line).replace("&", "&amp;")).append(lines.length > 1 ? "\\l" : "");
    }
    return label.append('"').toString();
  }

  private static String quoted(String text) {
    return '"' + escaped(text) + '"';
  }

  private static String escaped(String text) {
    return Text.line(text).replace("\\", "\\\\").replace("\"", "\\\"");
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    tree.writeJson(json);
  }
}
