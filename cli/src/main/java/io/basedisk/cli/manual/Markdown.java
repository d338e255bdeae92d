package io.basedisk.cli.manual;

/** Plain text in the format of GitHub's Markdown. */
final class Markdown {

  private Markdown() {}

  /** {@return a paragraph that shows the text as it is} */
  static String text(String text) {
    return text.replace("\\", "\\\\")
        .replace("`", "\\`")
        .replace("*", "\\*")
        .replace("<", "\\<")
        .replace("__", "\\_\\_");
  }

  /** {@return the content of a table's cell that shows the text as it is} */
  static String cell(String text) {
    return text(text).replace("|", "\\|");
  }

  /** {@return the content of a code span in a table's cell; the text has no backquote} */
  static String codeCell(String text) {
    return text.replace("|", "\\|");
  }
}
