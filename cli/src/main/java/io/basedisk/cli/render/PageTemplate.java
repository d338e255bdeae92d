package io.basedisk.cli.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The page without its data: the resources {@code page.html}, {@code page.css} and the scripts. Its
 * content security policy names the digest of each of them, so that a browser runs nothing else,
 * even if a name in the data looked like markup.
 */
final class PageTemplate {

  /** The scripts, in the order in which they run. A script uses those before it. */
  private static final ImmutableList<String> SCRIPTS =
      ImmutableList.of(
          "format.js", "model.js", "rows.js", "drawing.js", "details.js", "space.js", "page.js");

  private static final String POLICY = "<!-- policy -->";
  private static final String STYLE = "<!-- style -->";
  private static final String DATA = "<!-- data -->";
  private static final String SCRIPT = "<!-- scripts -->";

  private final String html;
  private final String style;
  private final ImmutableList<String> scripts;

  private PageTemplate(String html, String style, ImmutableList<String> scripts) {
    this.html = html;
    this.style = style;
    this.scripts = scripts;
  }

  static PageTemplate load() {
    return new PageTemplate(
        resource("page.html"),
        resource("page.css"),
        SCRIPTS.stream().map(PageTemplate::resource).collect(ImmutableList.toImmutableList()));
  }

  private static String resource(String name) {
    try {
      return Resources.toString(Resources.getResource(PageTemplate.class, "page/" + name), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " in the program's jar", e);
    }
  }

  /**
   * Writes the page.
   *
   * @param data writes the data as JSON that is safe in a {@code script} element
   */
  void write(PrintWriter out, Consumer<? super PrintWriter> data) {
    List<String> beforeData = Splitter.on(DATA).splitToList(html);
    out.print(filled(beforeData.get(0)));
    out.print("<script id=\"data\" type=\"application/json\">");
    data.accept(out);
    out.println("</script>");
    out.print(filled(beforeData.get(1)).stripLeading());
  }

  private String filled(String part) {
    return part.replace(POLICY, policy())
        .replace(STYLE, "<style>" + style + "</style>")
        .replace(
            SCRIPT,
            scripts.stream()
                .map(script -> "<script>" + script + "</script>")
                .collect(Collectors.joining("\n")));
  }

  private String policy() {
    String digests = scripts.stream().map(PageTemplate::source).collect(Collectors.joining(" "));
    return "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        + digests
        + "; style-src "
        + source(style)
        + "; img-src data:; base-uri 'none'; form-action 'none'\">";
  }

  /** {@return the digest of the content of an element, as a source of the policy} */
  private static String source(String content) {
    return "'sha256-"
        + BaseEncoding.base64().encode(Hashing.sha256().hashString(content, UTF_8).asBytes())
        + "'";
  }
}
