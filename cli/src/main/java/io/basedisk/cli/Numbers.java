package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;

/** Numbers on the command line. */
final class Numbers {

  private Numbers() {}

  /** Parses a number of bytes, like a size but 0 or more. */
  static long bytes(String text) {
    return ByteSize.parseBytes(text);
  }

  /** Parses a whole number. */
  static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidArgumentException("'" + text + "' is not a whole number in range");
    }
  }

  /** Parses a whole number that is 1 or more. */
  static int oneOrMore(String text) {
    int number = whole(text);
    if (number < 1) {
      throw new InvalidArgumentException("'" + text + "' is less than 1");
    }
    return number;
  }
}
