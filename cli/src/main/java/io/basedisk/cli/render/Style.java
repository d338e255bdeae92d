package io.basedisk.cli.render;

import io.basedisk.domain.model.BaseDiskKind;

/** The colours of text on a terminal. A style without colours returns each text as it is. */
public enum Style {
  /** No colours. */
  PLAIN(false),
  /** The eight colours that every terminal has, in the user's own shades. */
  COLORED(true);

  private static final String RESET = "\u001b[0m";

  private final boolean colored;

  Style(boolean colored) {
    this.colored = colored;
  }

  /**
   * {@return the style of a command}
   *
   * @param colored whether the text has colours
   */
  public static Style of(boolean colored) {
    return colored ? COLORED : PLAIN;
  }

  /** {@return a name that the eye looks for} */
  public String strong(String text) {
    return painted("1", text);
  }

  /** {@return text that is only read on demand, such as lines and headings} */
  String faint(String text) {
    return painted("2", text);
  }

  /** {@return the start of an error} */
  public String error(String text) {
    return painted("1;31", text);
  }

  /** {@return the start of a warning} */
  public String warning(String text) {
    return painted("33", text);
  }

  /** {@return a text in the colour of a kind of base} */
  String of(BaseDiskKind kind, String text) {
    return switch (kind) {
      case SNAPSHOT -> painted("35", text);
      case CLONE_BASE -> painted("36", text);
      case ROOTFS -> painted("33", text);
    };
  }

  private String painted(String code, String text) {
    return colored && !text.isEmpty() ? "\u001b[" + code + "m" + text + RESET : text;
  }
}
