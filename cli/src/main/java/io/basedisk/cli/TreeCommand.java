package io.basedisk.cli;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.DotDocument;
import io.basedisk.cli.render.HtmlDocument;
import io.basedisk.cli.render.Json;
import io.basedisk.cli.render.TreeDocument;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.lineage.Lineage.Node;
import io.basedisk.domain.model.BoxId;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;

/** {@code basedisk tree}. */
final class TreeCommand extends Command {

  private final Argument<BoxId> box =
      takes.optionalParameter("BOX", BoxId::of, "Only the trees below this box's disks.");

  private final Argument<Format> format =
      takes.option(
          "--format",
          "FORMAT",
          Format::ofLabel,
          "text (the default), json (the default with --json), dot (for Graphviz) or html (one"
              + " self-contained page).");

  private final Argument<Path> output =
      takes.option(
          ImmutableList.of("-o", "--output"),
          "FILE",
          Path::of,
          "Write to FILE instead of standard output. A regular file is replaced atomically.");

  TreeCommand(RootCommand root) {
    super(
        root,
        "Shows the lineage: each base with the boxes and the bases on it.",
        "With BOX: the whole trees that contain the bases of this box.");
    examples(
        "  basedisk tree web-1",
        "  basedisk tree --format html -o lineage.html",
        "  basedisk tree --format dot | dot -Tsvg > lineage.svg");
  }

  /** The output format of a tree. */
  enum Format {
    TEXT,
    JSON,
    DOT,
    HTML;

    static Format ofLabel(String label) {
      return Arrays.stream(values())
          .filter(format -> Ascii.toLowerCase(format.name()).equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new InvalidArgumentException(
                      "expected text, json, dot or html, and not '" + label + "'"));
    }
  }

  @Override
  public Integer call() {
    try (BaseDisks disks = root.open()) {
      Document tree = drawn(read(disks));
      if (output.isGiven()) {
        new OutputFile(output.get()).write(disks.managedFiles(), writer -> write(tree, writer));
      } else {
        root.console().print(tree, isJson());
      }
      return ExitCode.DONE.number();
    }
  }

  private boolean isJson() {
    return format.isGiven() ? format.get() == Format.JSON : root.json();
  }

  private TreeDocument read(BaseDisks disks) {
    if (!box.isGiven()) {
      // Only the text shows the boxes without a base; finding them takes a while.
      return isJson() ? new TreeDocument(disks.lineage().trees(), none()) : TreeDocument.of(disks);
    }
    ImmutableList<Node> trees = disks.lineage().treesOf(box.get());
    return new TreeDocument(trees, trees.isEmpty() ? ImmutableList.of(box.get()) : none());
  }

  private Document drawn(TreeDocument tree) {
    if (format.orNull() == Format.DOT) {
      return new DotDocument(tree);
    }
    return format.orNull() == Format.HTML ? new HtmlDocument(tree) : tree;
  }

  private static ImmutableList<BoxId> none() {
    return ImmutableList.of();
  }

  private void write(Document tree, Writer writer) {
    if (isJson()) {
      Json.write(writer, tree::writeJson);
    } else {
      PrintWriter text = new PrintWriter(writer);
      tree.writeText(text);
      text.flush();
    }
  }
}
