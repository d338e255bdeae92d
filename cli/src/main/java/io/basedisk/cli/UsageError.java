package io.basedisk.cli;

import com.google.common.base.Ascii;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.names.ClosestWords;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A mistake in a command line.
 *
 * @param message what is wrong
 * @param meant the words that may be meant
 */
record UsageError(String message, ImmutableList<String> meant) {

  /**
   * {@return the mistake that picocli found}
   *
   * @param args the whole command line
   */
  static UsageError of(ParameterException failure, String... args) {
    CommandLine line = failure.getCommandLine();
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return of(unmatched);
    }
    if (failure instanceof MissingParameterException) {
      // An unknown option is the better reason: it may be a misspelt one.
      return unmatchedBeside(line, args)
          .map(unmatched -> of(unmatched))
          .orElseGet(() -> of(failure.getMessage()));
    }
    if (isMissingCommand(failure)) {
      return new UsageError(
          "one of its commands is missing: " + Joiner.on(", ").join(line.getSubcommands().keySet()),
          none());
    }
    return failure.getCause() instanceof TypeConversionException invalid
        ? new UsageError(nameOf(failure.getArgSpec()) + ": " + invalid.getMessage(), none())
        : of(failure.getMessage());
  }

  private static UsageError of(@Nullable String message) {
    String text = String.valueOf(message);
    return new UsageError(Ascii.toLowerCase(text.substring(0, 1)) + text.substring(1), none());
  }

  private static String nameOf(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** {@return whether a command line ends with a group, or has no command at all} */
  static boolean isMissingCommand(ParameterException failure) {
    return "Missing required subcommand".equals(failure.getMessage());
  }

  private static UsageError of(UnmatchedArgumentException failure) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    String word = failure.getUnmatched().get(0);
    if (failure.isUnknownOption()) {
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return new UsageError(
          "unknown option '" + name + "'", ClosestWords.among(namesOfOptions(command), name));
    }
    if (command.subcommands().isEmpty()) {
      return new UsageError("unexpected argument '" + word + "'", none());
    }
    return new UsageError("unknown command '" + word + "'", commandsLike(command, word));
  }

  /** {@return the commands that may be meant by a word} */
  static ImmutableList<String> commandsLike(CommandSpec command, String word) {
    ImmutableList<String> similar = ClosestWords.among(command.subcommands().keySet(), word);
    if (!similar.isEmpty()) {
      return similar;
    }
    // The user may have left out the group.
    return command.subcommands().values().stream()
        .filter(group -> group.getSubcommands().containsKey(word))
        .map(group -> group.getCommandName() + " " + word)
        .limit(ClosestWords.MAX_WORDS)
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<String> namesOfOptions(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .map(OptionSpec::longestName)
        .collect(ImmutableList.toImmutableList());
  }

  /** Parses again, since picocli reports a missing parameter before an unknown option. */
  private static Optional<UnmatchedArgumentException> unmatchedBeside(
      CommandLine failed, String... args) {
    for (CommandLine line = failed; line != null; line = line.getParent()) {
      line.getCommandSpec().parser().collectErrors(true);
    }
    return failed.getCommandSpec().root().commandLine().parseArgs(args).asCommandLineList().stream()
        .flatMap(line -> errorsOf(line).stream())
        .flatMap(
            error ->
                error instanceof UnmatchedArgumentException unmatched
                    ? Stream.of(unmatched)
                    : Stream.empty())
        .findFirst();
  }

  private static List<Exception> errorsOf(CommandLine line) {
    return line.getParseResult().errors();
  }

  private static ImmutableList<String> none() {
    return ImmutableList.of();
  }
}
