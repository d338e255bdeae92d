package io.basedisk.app;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The content of a directory: each file's mode and digest. Two listings are equal if nothing
 * changed between them.
 */
public final class HomeListing {

  private HomeListing() {}

  /**
   * Returns all files, without those of the store, which SQLite changes at any time.
   *
   * @param directory the directory to list
   */
  public static ImmutableSortedMap<String, String> of(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> !file.startsWith(directory.resolve("db")))
          // The stamp file, which counts the writes of the store.
          .filter(file -> !file.equals(directory.resolve("stamp")))
          .collect(
              ImmutableSortedMap.toImmutableSortedMap(
                  String::compareTo,
                  (Function<Path, String>) file -> directory.relativize(file).toString(),
                  HomeListing::describe));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String describe(Path file) {
    try {
      String mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS).toString();
      return Files.isRegularFile(file)
          ? mode + " " + MoreFiles.asByteSource(file).hash(Hashing.sha256())
          : mode;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
