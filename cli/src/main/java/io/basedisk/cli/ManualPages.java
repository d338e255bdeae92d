package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.ByteStreams;
import io.basedisk.cli.manual.CommandReference;
import io.basedisk.cli.manual.ManualPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** Writes the manual pages of all commands. The packaging runs it. */
public final class ManualPages {

  private ManualPages() {}

  /**
   * Writes a file for each page, such as {@code basedisk-box-create.1}.
   *
   * @param args the directory, which is created if it is missing
   * @throws IOException if a file can't be written
   */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    for (ManualPage page : all()) {
      Files.writeString(directory.resolve(page.name() + ".1"), page.roff());
    }
  }

  /** {@return the page of the program, of each group of commands, and of each command} */
  static ImmutableList<ManualPage> all() {
    String version = new Version().getVersion()[0];
    return commands(program())
        .map(CommandLine::getCommandSpec)
        .map(command -> ManualPage.of(helpOf(command), version))
        .collect(ImmutableList.toImmutableList());
  }

  /** {@return the page docs/commands.md, which a test compares with the file} */
  static String reference() {
    CommandLine program = program();
    commands(program).map(CommandLine::getCommandSpec).forEach(BriefHelp::hideGlobal);
    return CommandReference.of(
        program.getCommandSpec(),
        "On a terminal, `basedisk COMMAND --help` prints the same. The packages have it as manual"
            + " pages, such as `man basedisk-box-create`.",
        "An error is one line on standard error, followed by a hint if there is a next step. With"
            + " `--json`, the result is one JSON document on standard output, and an error is one on"
            + " standard error: `{\"error\":{\"code\",\"message\",\"hint\"}}`.",
        "A test makes this page from the help of the commands. To write it anew after a change of"
            + " a command, run `mvn test -pl cli -am -Dtest=CommandReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dbasedisk.golden.write=true`.");
  }

  /** {@return a program that is described and never run} */
  static CommandLine program() {
    Console console =
        new Console(
            ByteStreams.nullOutputStream(), ByteStreams.nullOutputStream(), ImmutableMap.of());
    return new Program(console).withAllCommands();
  }

  private static Stream<CommandLine> commands(CommandLine line) {
    return Stream.concat(
        Stream.of(line), line.getSubcommands().values().stream().flatMap(ManualPages::commands));
  }

  private static Help helpOf(CommandSpec command) {
    return BriefHelp.of(command, Help.defaultColorScheme(Help.Ansi.OFF));
  }
}
