package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.html.HtmlEscapers;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Lineage trees as one self-contained page. Its elements are not nested, because a browser would
 * fail on a long chain.
 */
public record HtmlDocument(TreeDocument tree) implements Document {

  /** The deepest level with an indentation of its own. */
  private static final int INDENTED_LEVELS = 32;

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>basedisk: lineage</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 1rem/1.6 system-ui, sans-serif; margin: 2rem; }
      ol { list-style: none; padding: 0; }
      li { border-left: 1px solid #8888; margin-left: calc(var(--level) * 1.5rem); padding-left: .6rem; }
      .box { font-weight: 600; }
      small { opacity: .7; }
      </style>
      </head>
      <body>
      <h1>Lineage</h1>
      <ol>
      """;

  @Override
  public void writeText(PrintWriter out) {
    out.print(HEAD);
    tree.visit(
        new TreeDocument.Visitor() {
          @Override
          public void base(BaseDetails base, @Nullable BaseDetails below, int level) {
            entry(
                out,
                "base",
                level,
                BaseDocuments.label(base.base()),
                Sizes.human(base.base().diskInfo().sizeBytes()));
          }

          @Override
          public void box(BoxId box, @Nullable BaseDetails below, int level) {
            entry(out, "box", level, "box " + box, below == null ? "depends on no base" : "");
          }
        });
    out.println("</ol>");
    if (tree.roots().isEmpty()) {
      out.println("<p>no bases</p>");
    }
    out.println("</body>");
    out.println("</html>");
  }

  private static void entry(PrintWriter out, String kind, int level, String text, String more) {
    String note = level > INDENTED_LEVELS ? ("level " + level + " " + more).strip() : more;
    out.println(
        "<li class=\""
            + kind
            + "\" style=\"--level:"
            + Math.min(level, INDENTED_LEVELS)
            + "\">"
            + escaped(text)
            + (note.isEmpty() ? "" : " <small>" + escaped(note) + "</small>")
            + "</li>");
  }

  private static String escaped(String text) {
    return HtmlEscapers.htmlEscaper().escape(Text.line(text));
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    tree.writeJson(json);
  }
}
