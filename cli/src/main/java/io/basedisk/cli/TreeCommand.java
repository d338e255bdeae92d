package io.basedisk.cli;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import io.basedisk.app.BaseDisks;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.DotDocument;
import io.basedisk.cli.render.HtmlDocument;
import io.basedisk.cli.render.Json;
import io.basedisk.cli.render.ShellWord;
import io.basedisk.cli.render.TreeDocument;
import io.basedisk.cli.render.TreeText;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
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
        "Shows the lineage: each base with the boxes and the bases on it, and their sizes.",
        "With BOX: the whole trees that contain the bases of this box.",
        "",
        "The text is a graph in which a column is a chain of bases: ◆ a snapshot, ● a clone base, ■"
            + " a rootfs. VIRTUAL is the size that a guest sees; ALLOCATED and EXCLUSIVE are those"
            + " of 'basedisk du'. On a terminal, long names are cut to its width.",
        "",
        "html: a page to search, fold and zoom, which shows why each base stays and the command that"
            + " changes it, and a chart of the space. It needs no network.");
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
    return root.runWork(this::show);
  }

  private int show(BaseDisks disks) {
    Document tree = drawn(disks);
    if (output.isGiven()) {
      new OutputFile(output.get()).write(disks.managedFiles(), writer -> write(tree, writer));
    } else {
      root.console().print(tree, isJson());
    }
    return ExitCode.DONE.number();
  }

  private boolean isJson() {
    return format.isGiven() ? format.get() == Format.JSON : root.json();
  }

  private Document drawn(BaseDisks disks) {
    if (isJson()) {
      return TreeDocument.withoutFigures(
          box.isGiven() ? disks.lineage().treesOf(box.get()) : disks.lineage().trees());
    }
    TreeDocument tree = box.isGiven() ? TreeDocument.of(disks, box.get()) : TreeDocument.of(disks);
    return switch (format.or(Format.TEXT)) {
      case DOT -> new DotDocument(tree);
      case HTML -> new HtmlDocument(tree, disks.home().home().toString(), program(), Instant.now());
      case TEXT, JSON -> output.isGiven() ? tree : text(tree);
    };
  }

  private TreeText text(TreeDocument tree) {
    OutputScreen screen = root.console().screen();
    return new TreeText(tree, screen.style(root.color()), screen.columns());
  }

  /** {@return the start of commands on this home, for a shell} */
  private String program() {
    return root.givenHome()
        .map(home -> "basedisk --home " + ShellWord.of(home.toAbsolutePath().toString()))
        .orElse("basedisk");
  }

  private void write(Document tree, Writer writer) {
    if (isJson()) {
      Json.write(writer, tree::writeJson);
    } else {
      PrintWriter text = new PrintWriter(writer);
      tree.writeText(text);
      try {
        // A PrintWriter drops the reason of a failure. If it lasts, this throws it.
        writer.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (text.checkError()) {
        throw new UncheckedIOException(new IOException("a part of the text was not written"));
      }
    }
  }
}
