package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Splitter;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Commands with {@code --json} that run one after the other in one directory. The output and exit
 * code of each are compared with a file of its own.
 */
final class JsonScenario {

  /** The directory of all scenarios, relative to the module. */
  static final Path FILES = Path.of("src/test/resources/golden/json");

  private final Path directory;
  private final GoldenFiles files;
  private final StableJson stable;

  /**
   * @param name the name of the directory of its files
   * @param directory a real path
   */
  JsonScenario(String name, Path directory) {
    this.directory = directory;
    this.files = new GoldenFiles(FILES.resolve(name));
    this.stable = new StableJson(directory);
  }

  /**
   * Runs a command, on the home {@code <dir>/home} unless it names another one.
   *
   * @param name the name of its file, without {@code .json}
   * @param command its words, with a space between; {@code <dir>} stands for the directory
   */
  @CanIgnoreReturnValue
  Cli.Result step(String name, String command) throws IOException {
    Cli.Result result = run(command);
    files.compare(name + ".json", document(command, result));
    return result;
  }

  /** Runs a command that must succeed and has no file. Its ids get numbers. */
  @CanIgnoreReturnValue
  Map<String, Object> prepare(String command) throws IOException {
    Cli.Result result = run(command);
    document(command, result);
    return result.object();
  }

  /** Fails if the output of a step differed from its file. */
  void check() throws IOException {
    files.check();
  }

  private Cli.Result run(String command) {
    String home = command.startsWith("--home ") ? "" : "--home " + StableJson.DIRECTORY + "/home ";
    return Cli.runAnywhere(
        Map.of(),
        Stream.concat(Stream.of("--json"), Splitter.on(' ').splitToStream(home + command))
            .map(word -> word.replace(StableJson.DIRECTORY, directory.toString()))
            .toArray(String[]::new));
  }

  private String document(String command, Cli.Result result) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(StableJson.printer());
      json.writeStartObject();
      json.writeStringField("command", stable.text(command));
      json.writeNumberField("exit", result.code());
      // An error is alone on standard error. A result may come with notes for people.
      boolean isError = result.out().isEmpty();
      String document = isError ? result.err() : result.out();
      assertEquals(document.length() - 1, document.indexOf('\n'), () -> "one line: " + document);
      json.writeFieldName(isError ? "standard error" : "standard output");
      stable.write(document, json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return text.toString();
  }
}
