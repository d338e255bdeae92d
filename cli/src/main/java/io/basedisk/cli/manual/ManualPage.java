package io.basedisk.cli.manual;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual page of a command: its help page in the usual sections of a manual.
 *
 * @param name the name of the page, {@code basedisk-box-create}
 * @param roff the content, for man(1)
 */
public record ManualPage(String name, String roff) {

  private static final int ONE_LINE = 10_000;
  private static final CharMatcher BLANK = CharMatcher.is(' ');

  /**
   * Writes the page of a command.
   *
   * @param help the command's help page
   * @param version the program and its version
   */
  public static ManualPage of(Help help, String version) {
    CommandSpec command = help.commandSpec();
    Roff page = new Roff();
    page.title(nameOf(command).toUpperCase(Locale.ROOT), version, "basedisk");
    page.section("NAME");
    page.line(nameOf(command) + " - " + summaryOf(command));
    page.section("SYNOPSIS");
    synopsis(help).forEach(page::paragraph);
    UsageMessageSpec text = command.usageMessage();
    page.section("DESCRIPTION");
    paragraphs(text.description()).forEach(page::paragraph);
    addArguments(command, page);
    addCommands(command, page);
    addExitCodes(text, page);
    addFooter(text, page);
    addSeeAlso(command, page);
    return new ManualPage(nameOf(command), page.toString());
  }

  private static String nameOf(CommandSpec command) {
    return command.qualifiedName("-");
  }

  /** {@return the first sentence of a command's description, as one does in a list of pages} */
  private static String summaryOf(CommandSpec command) {
    String sentence = FirstSentence.of(command.usageMessage().description());
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private static Iterable<String> synopsis(Help help) {
    help.commandSpec().usageMessage().autoWidth(false).width(ONE_LINE);
    return Splitter.on('\n').omitEmptyStrings().trimResults().split(help.synopsis(0));
  }

  private static ImmutableList<String> paragraphs(String[] lines) {
    return Arrays.stream(lines)
        .filter(line -> !line.isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  private static void addArguments(CommandSpec command, Roff page) {
    ImmutableList<ArgSpec> arguments =
        Stream.<ArgSpec>concat(command.positionalParameters().stream(), command.options().stream())
            .filter(argument -> !argument.hidden())
            .collect(ImmutableList.toImmutableList());
    page.section("OPTIONS");
    arguments.forEach(
        argument -> page.term(termOf(argument), Joiner.on(' ').join(argument.description())));
  }

  private static String termOf(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      String names = Joiner.on(", ").join(option.names());
      return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }
    return argument.paramLabel();
  }

  private static void addCommands(CommandSpec command, Roff page) {
    if (command.subcommands().isEmpty()) {
      return;
    }
    page.section("COMMANDS");
    command
        .subcommands()
        .values()
        .forEach(
            line -> {
              CommandSpec subcommand = line.getCommandSpec();
              page.term(nameOf(subcommand) + "(1)", summaryOf(subcommand));
            });
  }

  private static void addExitCodes(UsageMessageSpec text, Roff page) {
    if (!text.exitCodeList().isEmpty()) {
      page.section("EXIT STATUS");
      text.exitCodeList().forEach(page::term);
    }
  }

  /** The indented lines are examples, the others remarks. */
  private static void addFooter(UsageMessageSpec text, Roff page) {
    ImmutableList<String> lines = paragraphs(text.footer());
    ImmutableList<String> examples =
        lines.stream()
            .filter(line -> line.startsWith(" "))
            .collect(ImmutableList.toImmutableList());
    if (!examples.isEmpty()) {
      page.section("EXAMPLES");
      page.literal(examples.stream().map(BLANK::trimLeadingFrom).toList());
    }
    ImmutableList<String> remarks =
        lines.stream()
            .filter(line -> !line.startsWith(" "))
            .collect(ImmutableList.toImmutableList());
    if (!remarks.isEmpty()) {
      page.section("NOTES");
      remarks.forEach(page::paragraph);
    }
  }

  private static void addSeeAlso(CommandSpec command, Roff page) {
    if (command.parent() != null) {
      page.section("SEE ALSO");
      page.line(nameOf(command.parent()) + "(1)");
    }
  }
}
