package io.basedisk.domain.model;

/** How input that was refused is shown in a message: short, on one line, without controls. */
final class Quoted {

  private static final int SHOWN = 64;

  private Quoted() {}

  static String of(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= SHOWN
        ? printable
        : printable.substring(0, SHOWN) + "... (" + printable.length() + " characters)";
  }
}
