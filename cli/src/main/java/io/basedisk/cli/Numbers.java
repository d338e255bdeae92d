package io.basedisk.cli;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ByteSize;

/** Numbers on the command line. */
final class Numbers {

  private Numbers() {}

  /** Reads a number of bytes as sizes are read, and which may be 0. */
  static long bytes(String text) {
    return text.matches("0+[KMGTkmgt]?") ? 0 : ByteSize.parse(text).bytes();
  }

  /** Reads a whole number. */
  static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidArgumentException("'" + text + "' is not a whole number that fits");
    }
  }
}
