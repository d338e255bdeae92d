package io.basedisk.cli;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes of this JVM's Java and class path. */
final class JavaProcess {

  private JavaProcess() {}

  static ProcessBuilder of(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /**
   * A command of the program on a home.
   *
   * @param words the command and its arguments, separated by blanks
   */
  static ProcessBuilder ofProgram(Cli home, String words) {
    return of(
        Main.class.getName(),
        Stream.concat(
                Stream.of("--home", home.home().toString()), Splitter.on(' ').splitToStream(words))
            .toArray(String[]::new));
  }
}
