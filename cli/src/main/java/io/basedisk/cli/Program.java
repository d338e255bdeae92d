package io.basedisk.cli;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableSet;
import io.basedisk.cli.render.ErrorDocument;
import io.basedisk.cli.render.Json;
import io.basedisk.cli.render.RemedyText;
import io.basedisk.cli.render.Text;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** Runs one command line: parses it, and turns its outcome into an exit code. */
final class Program {

  private static final int DEFAULT_HELP_WIDTH = 80;

  /** The least that picocli can do. */
  private static final int MIN_HELP_WIDTH = 55;

  /** Longer lines are hard to read. */
  private static final int MAX_HELP_WIDTH = 100;

  private final Console console;

  Program(Console console) {
    this.console = console;
  }

  /**
   * {@return the program with only the commands that {@code args} name} Describing all commands to
   * picocli takes as long as the rest of a short command.
   */
  private CommandLine commandLineFor(String... args) {
    ImmutableSet<String> words = ImmutableSet.copyOf(args);
    CommandLine line = newCommandLine(words::contains);
    if (line.getSubcommands().isEmpty()) {
      return withAllCommands();
    }
    // Help and usage errors name other commands too. No command has run by then.
    line.setExecutionStrategy(parsed -> asksForHelp(parsed) ? executeAnyOf(args) : execute(parsed));
    line.setParameterExceptionHandler((failure, all) -> executeAnyOf(all));
    return line;
  }

  private static boolean asksForHelp(ParseResult parsed) {
    return parsed.asCommandLineList().stream()
        .anyMatch(command -> command.isUsageHelpRequested() || command.isVersionHelpRequested());
  }

  private int executeAnyOf(String... args) {
    return withAllCommands().execute(args);
  }

  private int execute(ParseResult parsed) {
    useColors(parsed);
    return new RunLast().execute(parsed);
  }

  private void useColors(ParseResult parsed) {
    console.useColors(rootOf(parsed.commandSpec()).color());
  }

  /** {@return the program with all its commands} */
  CommandLine withAllCommands() {
    return newCommandLine(name -> true);
  }

  /**
   * Builds the program.
   *
   * @param wanted whether to include the command of that name
   */
  private CommandLine newCommandLine(Predicate<String> wanted) {
    RootCommand root = new RootCommand(console);
    CommandLine line = new CommandLine(root.spec());
    for (NamedCommand name : Commands.NAMES) {
      name.make(wanted, words -> Commands.make(words, root)).ifPresent(line::addSubcommand);
    }
    describeInOneWay(line, widthOfHelp(console.screen().columns()));
    // A name may start with @, which picocli would take for a file with more arguments.
    line.setExpandAtFiles(false);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.isColored() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setExecutionStrategy(this::execute);
    line.setOut(console.out());
    line.setErr(console.err());
    line.setHelpFactory(BriefHelp::of);
    line.setParameterExceptionHandler(this::reportUsage);
    line.setExecutionExceptionHandler(
        (failure, where, parsed) -> report(failure, where.getCommandSpec()));
    return line;
  }

  /** Adds the help options to every command, and gives every help page the same layout. */
  private static void describeInOneWay(CommandLine line, int width) {
    CommandSpec command = line.getCommandSpec();
    new Arguments(command, ScopeType.LOCAL).help();
    command.versionProvider(new Version());
    command.usageMessage().width(width).sortOptions(false);
    line.getSubcommands().values().forEach(nested -> describeInOneWay(nested, width));
  }

  private static int widthOfHelp(int columns) {
    return columns == Text.ANY_WIDTH
        ? DEFAULT_HELP_WIDTH
        : Math.max(MIN_HELP_WIDTH, Math.min(MAX_HELP_WIDTH, columns));
  }

  /** Runs the command that {@code args} name and returns its exit code. */
  int run(String... args) {
    CommandLine commandLine = commandLineFor(args);
    int code;
    try {
      code = commandLine.execute(args);
    } catch (Error unforeseen) {
      code = report(unforeseen, commandLine.getCommandSpec());
    }
    int last = flushed(code, commandLine);
    return console.isClosedByReader() ? ExitCode.CLOSED_PIPE.number() : last;
  }

  private int flushed(int code, CommandLine commandLine) {
    try {
      console.flush();
      return code;
    } catch (BaseDiskException e) {
      return report(e, commandLine.getCommandSpec());
    }
  }

  // Errors.

  private int reportUsage(ParameterException failure, String[] args) {
    CommandLine line = failure.getCommandLine();
    CommandSpec command = line.getCommandSpec();
    // --json may follow the argument that failed to parse.
    List<String> words = Arrays.asList(args);
    boolean json =
        rootOf(command).json() || words.contains("--json") || words.contains("--output=json");
    if (command == command.root() && UsageError.isMissingCommand(failure) && !json) {
      line.usage(console.err());
      return ExitCode.USAGE.number();
    }
    UsageError error = UsageError.of(failure, args);
    Optional<String> hint = Suggestion.with(error.meant(), Optional.of(helpOf(command)));
    return report(ExitCode.USAGE, error.message(), hint, failure, command, json);
  }

  private int report(Throwable failure, CommandSpec command) {
    String message =
        failure instanceof BaseDiskException || failure instanceof UnnamedHomeException
            ? String.valueOf(failure.getMessage())
            : "internal error: " + failure;
    RootCommand root = rootOf(command);
    Optional<String> hint = Suggestion.with(root.similarNames(), hintOf(failure, command));
    return report(ExitCode.of(failure), message, hint, failure, command, root.json());
  }

  private static RootCommand rootOf(CommandSpec command) {
    return (RootCommand) command.root().userObject();
  }

  /** {@return a message with its command: {@code box create: box web-1 exists already}} */
  private static String prefixed(CommandSpec command, String message) {
    String path = command.qualifiedName();
    int afterProgram = path.indexOf(' ');
    String line = Text.line(message);
    return afterProgram < 0 ? line : path.substring(afterProgram + 1) + ": " + line;
  }

  /** {@return the next step after an error, as a clause; empty if there is none} */
  private static Optional<String> hintOf(Throwable failure, CommandSpec command) {
    if (failure instanceof UnnamedHomeException) {
      return Optional.of("give --home DIR, or set BASEDISK_HOME");
    }
    Optional<String> remedy =
        failure instanceof BaseDiskException error
            ? error
                .remedy()
                .flatMap(next -> RemedyText.of(next, option -> command.findOption(option) != null))
            : Optional.empty();
    return remedy.isEmpty() && failure instanceof InvalidArgumentException
        ? Optional.of(helpOf(command))
        : remedy;
  }

  private static String helpOf(CommandSpec command) {
    return "see '" + command.qualifiedName() + " --help'";
  }

  private int report(
      ExitCode code,
      String reason,
      Optional<String> nextStep,
      Throwable failure,
      CommandSpec command,
      boolean json) {
    console.dropHeldNotes();
    if (console.isClosedByReader()) {
      return ExitCode.CLOSED_PIPE.number();
    }
    String message = prefixed(command, reason);
    Optional<String> hint = nextStep.map(Text::line);
    if (json) {
      Json.write(console.err(), new ErrorDocument(code.number(), message, hint)::writeJson);
    } else {
      console.error(message);
      hint.ifPresent(line -> console.note("hint: " + line));
    }
    if (rootOf(command).debug()) {
      console.err().print(Throwables.getStackTraceAsString(failure));
    }
    console.err().flush();
    return code.number();
  }
}
