package io.basedisk.cli.manual;

/** The first sentence of a description, which says enough in a list. */
public final class FirstSentence {

  private FirstSentence() {}

  /**
   * {@return the first sentence without its full stop; empty if there is no description}
   *
   * @param paragraphs the description
   */
  public static String of(String... paragraphs) {
    String first = paragraphs.length == 0 ? "" : paragraphs[0];
    int end = first.indexOf(". ");
    if (end < 0 && first.endsWith(".")) {
      end = first.length() - 1;
    }
    return end < 0 ? first : first.substring(0, end);
  }
}
