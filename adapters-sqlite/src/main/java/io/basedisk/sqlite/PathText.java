package io.basedisk.sqlite;

import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Conversion of paths to the text that the store keeps. Reading the text gives the same path. */
final class PathText {

  private PathText() {}

  /**
   * {@return the text of {@code path}}
   *
   * @throws InvalidArgumentException if reading the text would give another path: the path's bytes
   *     are not text in the system's encoding of file names
   */
  static String of(Path path) {
    String text = path.toString();
    if (!comesBack(path, text)) {
      throw new InvalidArgumentException(
          text + ": the store can't keep this path: it is not text in this system's encoding");
    }
    return text;
  }

  /** {@return the text of {@code path}} Empty if no record can contain that path. */
  static Optional<String> find(Path path) {
    String text = path.toString();
    return comesBack(path, text) ? Optional.of(text) : Optional.empty();
  }

  private static boolean comesBack(Path path, String text) {
    try {
      return Path.of(text).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
