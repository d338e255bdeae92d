package io.basedisk.cli;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The committed files of one scenario, and the differences from them. With {@code
 * -Dbasedisk.golden.write=true} the files are made what they should be, and nothing differs.
 */
final class GoldenFiles {

  /** The number of equal lines shown before and after different ones. */
  private static final int CONTEXT = 3;

  private final Path directory;
  private final Set<String> names = new HashSet<>();
  private final List<String> differences = new ArrayList<>();

  GoldenFiles(Path directory) {
    this.directory = directory;
  }

  static boolean areWritten() {
    return Boolean.getBoolean("basedisk.golden.write");
  }

  /** Compares a text with the file of that name, which must be unique in the scenario. */
  void compare(String name, String actual) throws IOException {
    if (!names.add(name)) {
      throw new IllegalArgumentException("two steps are named " + name);
    }
    Path file = directory.resolve(name);
    if (areWritten()) {
      Files.createDirectories(directory);
      Files.writeString(file, actual);
    } else if (Files.notExists(file)) {
      differences.add(file + " does not exist; it would be\n" + actual);
    } else if (!Files.readString(file).equals(actual)) {
      differences.add(
          file + " (-) is not what was printed (+)\n" + diff(Files.readString(file), actual));
    }
  }

  /** Fails if a text differed from its file, or a file belongs to no text. */
  void check() throws IOException {
    for (String unused : ImmutableSet.copyOf(Sets.difference(namesOfAll(), names))) {
      if (areWritten()) {
        Files.delete(directory.resolve(unused));
      } else {
        differences.add(directory.resolve(unused) + " is the file of no step");
      }
    }
    if (!differences.isEmpty()) {
      throw new AssertionError(Joiner.on("\n").join(differences));
    }
  }

  private Set<String> namesOfAll() throws IOException {
    Set<String> all = new HashSet<>();
    if (Files.notExists(directory)) {
      return all;
    }
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> all.add(String.valueOf(file.getFileName())));
    }
    return all;
  }

  /** Returns the lines from the first difference to the last, with some lines around them. */
  static String diff(String expected, String actual) {
    List<String> before = expected.lines().toList();
    List<String> after = actual.lines().toList();
    int shorter = Math.min(before.size(), after.size());
    int start = 0;
    while (start < shorter && before.get(start).equals(after.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    int last = before.size() - end;
    ImmutableList.Builder<String> diff = ImmutableList.builder();
    before.subList(Math.max(0, start - CONTEXT), start).forEach(line -> diff.add("  " + line));
    before.subList(start, last).forEach(line -> diff.add("- " + line));
    after.subList(start, after.size() - end).forEach(line -> diff.add("+ " + line));
    before
        .subList(last, Math.min(before.size(), last + CONTEXT))
        .forEach(line -> diff.add("  " + line));
    return Joiner.on("\n").join(diff.build());
  }
}
