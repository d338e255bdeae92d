package io.basedisk.cli;

import com.google.common.base.Ascii;
import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Arrays;

/** When text has colours. */
enum ColorChoice {
  /** On a terminal, unless the user's environment turns colours off. */
  AUTO,
  /** Also in a file or a pipe. */
  ALWAYS,
  /** On no terminal. */
  NEVER;

  static ColorChoice parse(String text) {
    return Arrays.stream(values())
        .filter(choice -> Ascii.toLowerCase(choice.name()).equals(text))
        .findFirst()
        .orElseThrow(
            () -> new InvalidArgumentException("'" + text + "' is not auto, always or never"));
  }
}
