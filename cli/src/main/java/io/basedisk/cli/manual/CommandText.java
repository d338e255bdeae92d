package io.basedisk.cli.manual;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The parts of a command's help page, for documents of any format.
 *
 * @param help the command's help page
 */
record CommandText(Help help) {

  private static final int ONE_LINE = 10_000;

  /** {@return the text of a command} */
  static CommandText of(CommandSpec command) {
    return new CommandText(new Help(command, Help.defaultColorScheme(Help.Ansi.OFF)));
  }

  CommandSpec command() {
    return help.commandSpec();
  }

  private UsageMessageSpec usage() {
    return command().usageMessage();
  }

  /** {@return the first sentence of the description, in lower case, for a list} */
  String summary() {
    String sentence = FirstSentence.of(usage().description());
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  /** {@return each form of the command line, on one line} */
  ImmutableList<String> synopsis() {
    usage().autoWidth(false).width(ONE_LINE);
    return ImmutableList.copyOf(
        Splitter.on('\n').omitEmptyStrings().trimResults().split(help.synopsis(0)));
  }

  /** {@return the paragraphs of the description} */
  ImmutableList<String> description() {
    return paragraphs(usage().description()).collect(ImmutableList.toImmutableList());
  }

  /** {@return the parameters, then the options, without hidden ones} */
  ImmutableList<ArgSpec> arguments() {
    return Stream.<ArgSpec>concat(
            command().positionalParameters().stream(), command().options().stream())
        .filter(argument -> !argument.hidden())
        .collect(ImmutableList.toImmutableList());
  }

  /** {@return how an argument is written: {@code -o, --output FILE}} */
  static String termOf(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      String names = Joiner.on(", ").join(option.names());
      return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }
    return argument.paramLabel();
  }

  /** {@return the description of an argument} */
  static String textOf(ArgSpec argument) {
    return Joiner.on(' ').join(argument.description());
  }

  /** {@return the texts of a group's commands; empty for a single command} */
  ImmutableList<CommandText> commands() {
    return command().subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .map(CommandText::of)
        .collect(ImmutableList.toImmutableList());
  }

  /** {@return the meaning of each exit code, in ascending order} */
  ImmutableMap<String, String> exitCodes() {
    return ImmutableMap.copyOf(usage().exitCodeList());
  }

  /** {@return the example lines, which are the indented lines of the footer} */
  ImmutableList<String> examples() {
    return paragraphs(usage().footer())
        .filter(line -> line.startsWith(" "))
        .collect(ImmutableList.toImmutableList());
  }

  /** {@return the paragraphs after the examples} */
  ImmutableList<String> remarks() {
    return paragraphs(usage().footer())
        .filter(line -> !line.startsWith(" "))
        .collect(ImmutableList.toImmutableList());
  }

  private static Stream<String> paragraphs(String[] lines) {
    return Arrays.stream(lines).filter(line -> !line.isEmpty());
  }
}
