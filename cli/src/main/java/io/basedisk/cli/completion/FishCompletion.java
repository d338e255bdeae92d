package io.basedisk.cli.completion;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableSet;
import io.basedisk.cli.manual.FirstSentence;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The script for fish, for which picocli has none. */
final class FishCompletion {

  /** The labels of arguments that are files or directories. */
  private static final ImmutableSet<String> FILES =
      ImmutableSet.of("FILE", "DIR", "PATH", "IMAGE", "SRC", "DST", "BACKING", "A", "B");

  private final String program;

  /** The function of the script that tells which command the command line names. */
  private final String condition;

  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
    this.condition = "__" + program + "_at";
  }

  static String of(CommandLine line) {
    CommandSpec root = line.getCommandSpec();
    FishCompletion completion = new FishCompletion(root.name());
    completion.addCondition(line);
    completion.add(line);
    return completion.script.toString();
  }

  /** Adds the function that tells which command the words before the cursor name. */
  private void addCondition(CommandLine line) {
    String withValue =
        Joiner.on(' ')
            .join(commands(line).flatMap(FishCompletion::optionsWithValue).distinct().iterator());
    script.append(
        """
        # Completes the commands and options of PROGRAM in fish.

        # Succeeds if the command line names the given command, or a command of the given group.
        # With --exactly, it must name the group and no command of it.
        function CONDITION
            set -l exactly no
            if test "$argv[1]" = --exactly
                set exactly yes
                set -e argv[1]
            end
            set -l words (commandline -opc)
            set -e words[1]
            set -l named
            set -l skip no
            for word in $words
                if test $skip = yes
                    set skip no
                else if contains -- $word OPTIONS
                    set skip yes
                else if not string match -q -- '-*' $word
                    set -a named $word
                end
            end
            if test $exactly = yes -a (count $named) -ne (count $argv)
                return 1
            end
            for i in (seq (count $argv))
                test "$named[$i]" = "$argv[$i]"; or return 1
            end
        end

        """
            .replace("PROGRAM", program)
            .replace("CONDITION", condition)
            .replace("OPTIONS", withValue));
  }

  private static Stream<CommandSpec> commands(CommandLine line) {
    return Stream.concat(
        Stream.of(line.getCommandSpec()),
        line.getSubcommands().values().stream().flatMap(FishCompletion::commands));
  }

  private static Stream<String> optionsWithValue(CommandSpec command) {
    return command.options().stream()
        .filter(option -> option.arity().max() > 0 && !option.hidden())
        .flatMap(option -> Arrays.stream(option.names()));
  }

  private void add(CommandLine line) {
    CommandSpec command = line.getCommandSpec();
    String words = Joiner.on(' ').join(wordsOf(command).iterator());
    addOptions(command, words);
    if (command.subcommands().isEmpty()
        && command.positionalParameters().stream().noneMatch(FishCompletion::isFile)) {
      addLine("-n '" + condition + " " + words + "' -f");
    }
    for (CommandLine subcommand : line.getSubcommands().values()) {
      CommandSpec described = subcommand.getCommandSpec();
      addLine(
          ("-n '" + condition + " --exactly " + words).strip()
              + "' -f -a "
              + described.name()
              + " -d "
              + quoted(described.usageMessage().description()));
      add(subcommand);
    }
  }

  /** Every command has the global options and those for help: the program offers them once. */
  private void addOptions(CommandSpec command, String words) {
    boolean isProgram = command.parent() == null;
    command.options().stream()
        .filter(option -> !option.hidden())
        .filter(option -> isProgram || !isOptionOfAll(option))
        .forEach(
            option -> addOption(option, isProgram ? "" : "-n '" + condition + " " + words + "' "));
  }

  private static boolean isOptionOfAll(OptionSpec option) {
    return option.inherited() || option.usageHelp() || option.versionHelp();
  }

  /** {@return the words that name a command, without that of the program} */
  private static Stream<String> wordsOf(CommandSpec command) {
    return command.parent() == null
        ? Stream.of()
        : Stream.concat(wordsOf(command.parent()), Stream.of(command.name()));
  }

  private void addOption(OptionSpec option, String where) {
    StringBuilder line = new StringBuilder(where);
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
      line.append(' ');
    }
    if (option.arity().max() > 0) {
      line.append(isFile(option) ? "-r -F " : "-x ");
    }
    addLine(line + "-d " + quoted(option.description()));
  }

  private static boolean isFile(ArgSpec argument) {
    return FILES.contains(argument.paramLabel());
  }

  /** {@return the first sentence of a description, as one word of fish} */
  private static String quoted(String[] description) {
    return "'" + FirstSentence.of(description).replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void addLine(String completion) {
    script.append("complete -c ").append(program).append(' ').append(completion).append('\n');
  }
}
