package io.basedisk.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.google.common.base.Splitter;
import com.google.common.collect.Lists;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Commands that run one after the other in one directory. What each prints for people, and its exit
 * code, is compared with a file of its own. Ids and times become placeholders of the same length,
 * so that columns stay where they are.
 */
final class TextScenario {

  /** The directory of all files, relative to the module. */
  static final Path FILES = Path.of("src/test/resources/golden");

  private static final String DIRECTORY = "<dir>";
  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}");
  private static final Pattern DATE = Pattern.compile("\\b2[0-9]{3}-[0-9]{2}-[0-9]{2}\\b");
  private static final Pattern HOME_ID = Pattern.compile("\\b[0-9a-f]{32}\\b");

  /** A manifest has the times of its layers. A layer's own digest is the same in each run. */
  private static final Pattern MANIFEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private static final Pattern SIZE = Pattern.compile("[0-9.]+ (B|[KMG]iB)( +)?");

  private final Path directory;
  private final GoldenFiles texts;
  private final GoldenFiles errors;
  private final Map<String, String> ids = new LinkedHashMap<>();

  /**
   * @param name the name of the directories of its files
   * @param directory a real path, which files name {@code <dir>}
   */
  TextScenario(String name, Path directory) {
    this.directory = directory;
    this.texts = new GoldenFiles(FILES.resolve("text").resolve(name));
    this.errors = new GoldenFiles(FILES.resolve("error").resolve(name));
  }

  /** Runs a command that must succeed and has no file. */
  void prepare(String command) throws IOException {
    String result = run(command, OutputScreen.NONE);
    if (!result.contains("[exit 0]")) {
      throw new AssertionError(result);
    }
    learnIds();
  }

  /**
   * Runs a command on the home {@code <dir>/home} and compares what it prints with {@code
   * text/SCENARIO/NAME.txt}, or with a file in {@code error} if it fails.
   *
   * @param command its words, with a space between
   */
  @CanIgnoreReturnValue
  String step(String name, String command) throws IOException {
    return compare(name, run(command, OutputScreen.NONE));
  }

  /** Runs a command whose sizes depend on the file system, and so the width of its columns. */
  void stepWithoutSizes(String name, String command) throws IOException {
    String text = SIZE.matcher(run(command, OutputScreen.NONE)).replaceAll("<size> ");
    compare(name, text.replaceAll("(?<=\\S)  +", "  ").replaceAll(" +\n", "\n"));
  }

  /** Runs a command whose standard output is a terminal of a width, with or without colours. */
  void stepOnTerminal(String name, int columns, boolean colored, String command)
      throws IOException {
    compare(
        name,
        run(
            command,
            new OutputScreen(
                true, Map.of("COLUMNS", String.valueOf(columns), "NO_COLOR", colored ? "" : "1"))));
  }

  /** Fails if the output of a step differed from its file. */
  void check() throws IOException {
    texts.check();
    errors.check();
  }

  private String compare(String name, String printed) throws IOException {
    learnIds();
    String stable = stable(printed);
    GoldenFiles files =
        printed.contains("[exit 0]") || printed.contains("[exit 7]") ? texts : errors;
    files.compare(name + ".txt", stable);
    return stable;
  }

  private String run(String command, OutputScreen screen) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(out, err, Map.of(), false, ConsoleInput.NONE, screen);
    int code = new Program(console).run(args(command));
    return "$ basedisk "
        + command
        + "\n"
        + out.toString(UTF_8)
        + err.toString(UTF_8)
        + "[exit "
        + code
        + "]\n";
  }

  private String[] args(String command) {
    return Stream.concat(
            Stream.of("--home", directory.resolve("home").toString()),
            Splitter.on(' ').splitToStream(command))
        .map(word -> word.replace(DIRECTORY, directory.toString()))
        .map(this::withIds)
        .toArray(String[]::new);
  }

  /** Puts ids where a command has their placeholders. */
  private String withIds(String word) {
    return ids.entrySet().stream()
        .filter(id -> id.getValue().equals(word))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(word);
  }

  /** Numbers the bases that are new. */
  private void learnIds() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Program(new Console(out, new ByteArrayOutputStream(), Map.of()))
        .run(args("--json base ls"));
    List<Object> bases = out.size() == 0 ? List.of() : JSON.std.listFrom(out.toString(UTF_8));
    for (Object base : Lists.reverse(bases)) {
      String id = (String) ((Map<?, ?>) base).get("id");
      ids.computeIfAbsent(id, unknown -> String.format("BASE%04d", ids.size() + 1));
    }
  }

  private String stable(String text) {
    String stable = text.replace(directory.toString(), DIRECTORY);
    stable = TIME.matcher(stable).replaceAll("YYYY-MM-DD hh:mm:ss");
    stable = DATE.matcher(stable).replaceAll("YYYY-MM-DD");
    stable = HOME_ID.matcher(stable).replaceAll("<home id>");
    stable = MANIFEST.matcher(stable).replaceAll("<manifest>");
    stable = stable.replaceAll("schema  [0-9]+", "schema  <n>");
    stable = stable.replaceAll("process [0-9]+", "process <pid>");
    for (Map.Entry<String, String> id : ids.entrySet()) {
      stable = stable.replace(id.getKey(), id.getValue());
    }
    return stable;
  }
}
