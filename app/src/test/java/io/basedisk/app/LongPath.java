package io.basedisk.app;

import java.nio.file.Path;

/** Paths of a given length, with names that every file system accepts. */
public final class LongPath {

  private LongPath() {}

  /** Returns a path of {@code length} bytes below {@code path}, which is shorter and ASCII. */
  public static Path below(Path path, int length) {
    Path longer = path;
    int left = length - path.toString().length();
    while (left > 0) {
      int name = left > 201 ? 100 : left - 1;
      longer = longer.resolve("d".repeat(name));
      left -= name + 1;
    }
    return longer;
  }
}
