package io.basedisk.sqlite;

import io.basedisk.domain.error.InvalidArgumentException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Paths as the store keeps them: as text, from which the same path comes back. */
final class PathText {

  private PathText() {}

  /**
   * Returns the text of {@code path}.
   *
   * @throws InvalidArgumentException if another path would come back: its bytes are no text in the
   *     encoding of file names
   */
  static String of(Path path) {
    String text = path.toString();
    if (!comesBack(path, text)) {
      throw new InvalidArgumentException(
          text + ": the store can't keep this path: it is not text in this system's encoding");
    }
    return text;
  }

  /** Returns the text of {@code path}, or empty if no record can have that path. */
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
