package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Lineage trees as a document. No recursion: a chain may be many thousand bases long.
 *
 * @param roots the trees
 * @param rootless the boxes without a base; only the text shows them
 */
public record TreeDocument(ImmutableList<Node> roots, ImmutableList<BoxId> rootless)
    implements Document {

  /**
   * {@return every tree of a home}
   *
   * @param disks the home
   */
  public static TreeDocument of(BaseDisks disks) {
    return new TreeDocument(
        disks.lineage().trees(),
        disks.boxes().list().stream()
            .filter(box -> box.baseId() == null)
            .map(box -> box.box().id())
            .collect(ImmutableList.toImmutableList()));
  }

  /** Visits each base and box of a tree, in preorder from the root. */
  interface Visitor {

    /**
     * Visits a base.
     *
     * @param below the parent of the base; null for a root
     * @param level the number of bases below it
     */
    void base(BaseDetails base, @Nullable BaseDetails below, int level);

    /**
     * Visits a box, once for each base that one of its disks backs onto.
     *
     * @param below the base of the disk; null for a box without a base
     * @param level the number of bases below it
     */
    void box(BoxId box, @Nullable BaseDetails below, int level);
  }

  /** Visits all trees, then the boxes without a base. */
  void visit(Visitor visitor) {
    Deque<Node> below = new ArrayDeque<>();
    Deque<Iterator<Node>> levels = new ArrayDeque<>();
    levels.push(roots.iterator());
    while (!levels.isEmpty()) {
      if (levels.element().hasNext()) {
        Node node = levels.element().next();
        visitor.base(node.base(), below.isEmpty() ? null : below.element().base(), below.size());
        below.push(node);
        node.base().referencedBy().forEach(box -> visitor.box(box, node.base(), below.size()));
        levels.push(node.children().iterator());
      } else {
        levels.pop();
        below.poll();
      }
    }
    rootless.forEach(box -> visitor.box(box, null, 0));
  }

  // Text.

  /**
   * The deepest level that is drawn with lines. Deeper lines start with the number of their level,
   * because the size of the text would grow with the square of the chain's length.
   */
  private static final int DRAWN_LEVELS = 64;

  @Override
  public void writeText(PrintWriter out) {
    writeText(out, "");
  }

  /**
   * Writes the text with {@code indent} before each line.
   *
   * @param out the writer to print to
   * @param indent the start of each line
   */
  public void writeText(PrintWriter out, String indent) {
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level("", ImmutableList.of(), roots.iterator()));
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (level.boxes.hasNext()) {
        BoxId box = level.boxes.next();
        out.println(indent + branch(levels) + "box " + box);
      } else if (level.bases.hasNext()) {
        Node node = level.bases.next();
        out.println(indent + branch(levels) + describe(node));
        levels.push(below(levels, node));
      } else {
        levels.pop();
      }
    }
    if (!rootless.isEmpty()) {
      rootless.forEach(box -> out.println(indent + "box " + box + "  (depends on no base)"));
    } else if (roots.isEmpty()) {
      out.println(indent + "no bases");
    }
  }

  /** The unwritten children of one node, boxes first. */
  private static final class Level {
    final String prefix;
    final Iterator<BoxId> boxes;
    final Iterator<Node> bases;

    Level(String prefix, ImmutableList<BoxId> boxes, Iterator<Node> bases) {
      this.prefix = prefix;
      this.boxes = boxes.iterator();
      this.bases = bases;
    }

    boolean hasMore() {
      return boxes.hasNext() || bases.hasNext();
    }
  }

  private static Level below(Deque<Level> levels, Node node) {
    Level above = levels.element();
    String prefix = "";
    if (levels.size() > 1 && levels.size() <= DRAWN_LEVELS) {
      prefix = above.prefix + (above.hasMore() ? "│  " : "   ");
    }
    return new Level(prefix, node.base().referencedBy(), node.children().iterator());
  }

  /** {@return the lines before the entry that was just taken from the topmost level} */
  private static String branch(Deque<Level> levels) {
    int depth = levels.size() - 1;
    if (depth == 0) {
      return "";
    }
    if (depth > DRAWN_LEVELS) {
      return "[level " + depth + "] ";
    }
    Level level = levels.element();
    return level.prefix + (level.hasMore() ? "├─ " : "└─ ");
  }

  private static String describe(Node node) {
    return BaseDocuments.label(node.base().base())
        + "  "
        + Sizes.human(node.base().base().diskInfo().sizeBytes());
  }

  // JSON.

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
