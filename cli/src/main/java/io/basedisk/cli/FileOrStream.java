package io.basedisk.cli;

import static com.google.common.base.Preconditions.checkNotNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file, or standard input or output: {@code FILE} or {@code -}.
 *
 * @param path null for the stream
 */
record FileOrStream(@Nullable Path path) {

  static FileOrStream parse(String text) {
    return new FileOrStream(text.equals("-") ? null : Path.of(text));
  }

  boolean isStream() {
    return path == null;
  }

  Path file() {
    return checkNotNull(path);
  }
}
