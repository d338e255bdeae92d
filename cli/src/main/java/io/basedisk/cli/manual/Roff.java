package io.basedisk.cli.manual;

/** Text in the format of manual pages, for the macros of man(7). */
final class Roff {

  private final StringBuilder page = new StringBuilder();
  private boolean startsSection;

  /** Adds the header: the name of the page, and what its first and last line show. */
  void title(String name, String source, String manual) {
    macro("TH", quoted(name), "1", quoted(""), quoted(source), quoted(manual));
    // No hyphens inside words, and no spaces to fill lines: names stay as they are typed.
    macro("nh");
    macro("ad", "l");
  }

  void section(String name) {
    macro("SH", quoted(name));
    startsSection = true;
  }

  void paragraph(String text) {
    separate();
    line(text);
  }

  /** Separates paragraphs. A section needs no separator before its first one. */
  private void separate() {
    if (!startsSection) {
      macro("PP");
    }
    startsSection = false;
  }

  /** Adds a term in bold, followed by its description. */
  void term(String term, String description) {
    macro("TP");
    macro("B", quoted(term));
    line(description);
  }

  /** Adds lines that keep their line breaks and blanks. */
  void literal(Iterable<String> lines) {
    separate();
    macro("nf");
    lines.forEach(this::line);
    macro("fi");
  }

  void line(String text) {
    page.append(escaped(text)).append('\n');
  }

  private void macro(String name, String... arguments) {
    page.append('.').append(name);
    for (String argument : arguments) {
      page.append(' ').append(argument);
    }
    page.append('\n');
  }

  private static String quoted(String argument) {
    return '"' + escaped(argument).replace("\"", "\\(dq") + '"';
  }

  /** Escapes what roff takes for an escape, a dash, a quotation mark, or a macro. */
  private static String escaped(String text) {
    String escaped =
        text.replace("\\", "\\e")
            .replace("-", "\\-")
            .replace("'", "\\(aq")
            .replace("`", "\\(ga")
            .replace("^", "\\(ha")
            .replace("~", "\\(ti");
    return escaped.startsWith(".") ? "\\&" + escaped : escaped;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
