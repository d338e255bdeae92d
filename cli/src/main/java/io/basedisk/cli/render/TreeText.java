package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.space.BaseSpace;
import io.basedisk.domain.space.BoxSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Lineage trees as text, drawn like {@code git log --graph}: one line for each base and box, with
 * its sizes in columns on the right.
 *
 * @param tree the trees
 * @param style the colours
 * @param width the number of characters in a line, into which long names are cut; {@link
 *     Text#ANY_WIDTH} for no limit
 */
public record TreeText(TreeDocument tree, Style style, int width) implements Document {

  /** The widest column of names that sizes are aligned behind if there is no limit. */
  private static final int MAX_ALIGNED = 100;

  /** The least space for names, even if the terminal is narrower. */
  private static final int MIN_NAMES = 24;

  private static final String GAP = "  ";
  private static final ImmutableList<String> SIZES =
      ImmutableList.of("VIRTUAL", "ALLOCATED", "EXCLUSIVE");

  /**
   * A line before it is laid out.
   *
   * @param graph the lines of the graph
   * @param mark the mark of a base; empty for a box
   * @param label the text
   * @param base the base; empty for a box
   * @param sizes the cells of the columns on the right
   */
  private record Line(
      String graph,
      String mark,
      String label,
      Optional<BaseDisk> base,
      ImmutableList<String> sizes) {

    int length() {
      return graph.length() + mark.length() + DisplayWidth.of(label);
    }
  }

  @Override
  public void writeText(PrintWriter out) {
    writeText(out, "");
  }

  /** Writes the text with {@code indent} before each line. */
  void writeText(PrintWriter out, String indent) {
    ImmutableList<Line> lines = lines();
    if (lines.isEmpty()) {
      out.println(indent + "no bases");
      return;
    }
    int[] columns = new int[SIZES.size()];
    int sizesWidth = 0;
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      columns[i] =
          Math.max(
              SIZES.get(i).length(),
              lines.stream().mapToInt(line -> line.sizes.get(column).length()).max().orElse(0));
      sizesWidth += GAP.length() + columns[i];
    }
    int longest = lines.stream().mapToInt(Line::length).max().orElse(0);
    int room =
        width == Text.ANY_WIDTH
            ? MAX_ALIGNED
            : Math.max(MIN_NAMES, width - sizesWidth - indent.length());
    int names = Math.min(longest, room);
    out.println(indent + style.faint(" ".repeat(names) + sizes(SIZES, columns)));
    for (Line line : lines) {
      Line fitting = width == Text.ANY_WIDTH ? line : cut(line, names);
      String padding = " ".repeat(Math.max(0, names - fitting.length()));
      String sizes = sizes(line.sizes, columns);
      out.println((indent + painted(fitting) + padding + sizes).stripTrailing());
    }
  }

  private static String sizes(ImmutableList<String> cells, int[] columns) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < columns.length; i++) {
      text.append(GAP).append(Strings.padStart(cells.get(i), columns[i], ' '));
    }
    return text.toString();
  }

  private static Line cut(Line line, int length) {
    int excess = line.length() - length;
    if (excess <= 0) {
      return line;
    }
    int kept = Math.max(0, DisplayWidth.of(line.label) - excess - 1);
    String label = DisplayWidth.start(line.label, kept) + "…";
    return new Line(line.graph, line.mark, label, line.base, line.sizes);
  }

  private String painted(Line line) {
    String graph = style.faint(line.graph);
    if (line.base.isEmpty()) {
      return graph + line.label;
    }
    BaseDisk base = line.base.get();
    int endOfId = Math.min(line.label.length(), base.id().value().length());
    return graph
        + style.of(base.kind(), line.mark)
        + style.strong(line.label.substring(0, endOfId))
        + style.of(base.kind(), line.label.substring(endOfId));
  }

  /** A node or a box that is not drawn yet. */
  private record Entry(String before, String branch, Optional<Node> node, Optional<BoxId> box) {}

  private ImmutableList<Line> lines() {
    Branching branching = new Branching(tree.roots());
    List<Line> lines = new ArrayList<>();
    Deque<Entry> toDraw = new ArrayDeque<>();
    for (Node root : tree.roots()) {
      separate(lines);
      toDraw.push(new Entry("", "", Optional.of(root), Optional.empty()));
      while (!toDraw.isEmpty()) {
        Entry entry = toDraw.pop();
        entry.box.ifPresent(box -> lines.add(line(entry, box)));
        if (entry.node.isPresent()) {
          lines.add(line(entry, entry.node.get()));
          above(entry, entry.node.get(), branching).forEach(toDraw::push);
        }
      }
    }
    if (!tree.baseless().isEmpty()) {
      separate(lines);
    }
    ImmutableList.sortedCopyOf(NaturalOrder.ofNames(), tree.baseless())
        .forEach(box -> lines.add(lineOfBaseless(box)));
    return ImmutableList.copyOf(lines);
  }

  /** Adds an empty line between trees, because a root and a child may have the same column. */
  private static void separate(List<Line> lines) {
    if (!lines.isEmpty()) {
      lines.add(new Line("", "", "", Optional.empty(), ImmutableList.of("", "", "")));
    }
  }

  /** {@return the entries directly above a node, the first to draw last} */
  private static List<Entry> above(Entry entry, Node node, Branching branching) {
    // The column of a branch starts where its mark was drawn.
    String before = entry.before + (entry.branch.isEmpty() ? "" : "│ ");
    List<Entry> entries = new ArrayList<>();
    ImmutableList<BoxId> boxes = Branching.boxes(node);
    ImmutableList<Node> children = branching.children(node);
    for (int i = 0; i < boxes.size(); i++) {
      boolean isLast = i == boxes.size() - 1 && children.isEmpty();
      entries.add(
          new Entry(before, isLast ? "└─" : "├─", Optional.empty(), Optional.of(boxes.get(i))));
    }
    for (int i = 0; i < children.size(); i++) {
      boolean isLast = i == children.size() - 1;
      entries.add(
          new Entry(before, isLast ? "" : "├─", Optional.of(children.get(i)), Optional.empty()));
    }
    Collections.reverse(entries);
    return entries;
  }

  private Line line(Entry entry, Node node) {
    BaseDisk base = node.base().base();
    Optional<BaseSpace> space = tree.figures().find(base.id());
    return new Line(
        entry.before + entry.branch,
        mark(base) + " ",
        Text.line(BaseDocuments.label(base)),
        Optional.of(base),
        ImmutableList.of(
            Sizes.human(base.diskInfo().containerDiskBytes()),
            space.map(BaseSpace::allocatedBytes).map(Sizes::human).orElse("-"),
            space.map(BaseSpace::exclusiveBytes).map(Sizes::human).orElse("-")));
  }

  private static String mark(BaseDisk base) {
    return switch (base.kind()) {
      case SNAPSHOT -> "◆";
      case CLONE_BASE -> "●";
      case ROOTFS -> "■";
    };
  }

  private Line line(Entry entry, BoxId box) {
    return boxLine(entry.before + entry.branch + " ", "box " + box, box);
  }

  private Line lineOfBaseless(BoxId box) {
    return boxLine("", "box " + box + "  (on no base)", box);
  }

  private Line boxLine(String graph, String label, BoxId box) {
    Optional<BoxSpace> space = tree.figures().find(box);
    return new Line(
        graph,
        "",
        label,
        Optional.empty(),
        ImmutableList.of(
            "",
            space.map(BoxSpace::allocatedBytes).map(Sizes::human).orElse("-"),
            space.map(BoxSpace::exclusiveBytes).map(Sizes::human).orElse("-")));
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    tree.writeJson(json);
  }
}
