package io.basedisk.domain.model;

/** Shows invalid input in a message: shortened, on one line, without control characters. */
public final class Quoted {

  private static final int SHOWN = 64;

  private Quoted() {}

  /**
   * {@return the text for a message: at most 64 characters of it}
   *
   * @param text the invalid input
   */
  public static String of(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= SHOWN
        ? printable
        : printable.substring(0, SHOWN) + "... (" + printable.length() + " characters)";
  }
}
