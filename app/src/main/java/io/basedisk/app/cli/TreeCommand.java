package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.app.cli.render.Document;
import io.basedisk.app.cli.render.DotDocument;
import io.basedisk.app.cli.render.HtmlDocument;
import io.basedisk.app.cli.render.Json;
import io.basedisk.app.cli.render.TreeDocument;
import io.basedisk.domain.Lineage.Node;
import io.basedisk.domain.model.BoxId;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code basedisk tree}. */
@Command(
    name = "tree",
    description = {
      "Shows who stands on whom: each base with the boxes and the bases on it.",
      "Of a box: the trees that its disks stand on, whole."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  basedisk tree web-1",
      "  basedisk tree --format html -o lineage.html",
      "  basedisk tree --format dot | dot -Tsvg > lineage.svg"
    })
final class TreeCommand implements Callable<Integer> {

  private final RootCommand root;

  @Parameters(arity = "0..1", paramLabel = "BOX", description = "Only the trees of this box.")
  private @Nullable BoxId box;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "text (the default), json (the default with --json), dot (a graph for Graphviz) or html (a page"
              + " that needs nothing else).")
  private @Nullable Format format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Write it to FILE instead of standard output; a regular file is replaced in one step.")
  private @Nullable Path output;

  TreeCommand(RootCommand root) {
    this.root = root;
  }

  /** What a tree is written as. */
  enum Format {
    text,
    json,
    dot,
    html
  }

  @Override
  public Integer call() {
    try (BaseDisks disks = root.open()) {
      Document tree = drawn(read(disks));
      if (output == null) {
        root.console().print(tree, isJson());
      } else {
        new OutputFile(output).write(disks.managedFiles(), writer -> write(tree, writer));
      }
      return ExitCode.DONE.number();
    }
  }

  private boolean isJson() {
    return format == null ? root.json() : format == Format.json;
  }

  private TreeDocument read(BaseDisks disks) {
    if (box == null) {
      // The boxes that stand on no base are in the text alone; to find them takes a while.
      return isJson() ? new TreeDocument(disks.lineage().trees(), none()) : TreeDocument.of(disks);
    }
    ImmutableList<Node> trees = disks.lineage().treesOf(box);
    return new TreeDocument(trees, trees.isEmpty() ? ImmutableList.of(box) : none());
  }

  private Document drawn(TreeDocument tree) {
    if (format == Format.dot) {
      return new DotDocument(tree);
    }
    return format == Format.html ? new HtmlDocument(tree) : tree;
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
