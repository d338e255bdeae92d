package io.basedisk.cli.manual;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page of all commands, in Markdown: what their help pages say. */
public final class CommandReference {

  private static final CharMatcher BLANK = CharMatcher.is(' ');

  private final StringBuilder page = new StringBuilder();

  private CommandReference() {}

  /**
   * {@return the page}
   *
   * @param program the program, with all commands; no command has inherited options, because the
   *     page describes the global options once
   * @param introduction the paragraphs below the title
   */
  public static String of(CommandSpec program, String... introduction) {
    CommandReference reference = new CommandReference();
    reference.block("# Commands: every command, option and exit code");
    Stream.of(introduction).forEach(reference::block);
    CommandText text = CommandText.of(program);
    reference.addContents(text);
    reference.addProgram(text);
    text.commands().forEach(command -> reference.addCommand(command, "##"));
    return reference.page.toString().stripTrailing() + "\n";
  }

  private void addContents(CommandText program) {
    ImmutableList.Builder<String> rows = ImmutableList.builder();
    program.commands().stream()
        .flatMap(
            command ->
                command.commands().isEmpty() ? Stream.of(command) : command.commands().stream())
        .map(command -> "| " + linkTo(command) + " | " + Markdown.cell(command.summary()) + " |")
        .forEach(rows::add);
    table("| command | what it does |", rows.build());
  }

  private static String linkTo(CommandText command) {
    String title = titleOf(command);
    return "[" + title + "](#" + title.replace(' ', '-') + ")";
  }

  private static String titleOf(CommandText command) {
    String name = command.command().qualifiedName();
    return name.substring(name.indexOf(' ') + 1);
  }

  private void addProgram(CommandText program) {
    block("## Global options");
    block("Every command accepts these options, before or after its name.");
    addArguments(program.arguments());
    program.remarks().stream().map(Markdown::text).forEach(this::block);
    block("## Exit codes");
    ImmutableList.Builder<String> rows = ImmutableList.builder();
    program
        .exitCodes()
        .forEach((code, meaning) -> rows.add("| " + code + " | " + Markdown.cell(meaning) + " |"));
    table("| code | meaning |", rows.build());
  }

  private void addCommand(CommandText command, String heading) {
    block(heading + " " + titleOf(command));
    command.description().stream().map(Markdown::text).forEach(this::block);
    if (command.commands().isEmpty()) {
      code(command.synopsis());
      addArguments(
          command.arguments().stream()
              .filter(argument -> !isForHelp(argument))
              .collect(ImmutableList.toImmutableList()));
      if (!command.examples().isEmpty()) {
        block(command.examples().size() == 1 ? "Example:" : "Examples:");
        code(command.examples());
      }
    }
    command.remarks().stream().map(Markdown::text).forEach(this::block);
    command.commands().forEach(nested -> addCommand(nested, heading + "#"));
  }

  /** Every command has these, and a reader of the page does not look for them. */
  private static boolean isForHelp(ArgSpec argument) {
    return argument instanceof OptionSpec option && (option.usageHelp() || option.versionHelp());
  }

  private void addArguments(ImmutableList<ArgSpec> arguments) {
    if (!arguments.isEmpty()) {
      table("| argument | meaning |", arguments.stream().map(CommandReference::rowOf).toList());
    }
  }

  private static String rowOf(ArgSpec argument) {
    return "| `"
        + Markdown.codeCell(CommandText.termOf(argument))
        + "` | "
        + Markdown.cell(CommandText.textOf(argument))
        + " |";
  }

  private void table(String header, Iterable<String> rows) {
    block(header + "\n|---|---|\n" + Joiner.on('\n').join(rows));
  }

  private void code(Iterable<String> lines) {
    StringBuilder code = new StringBuilder("```\n");
    lines.forEach(line -> code.append(BLANK.trimTrailingFrom(unindented(line))).append('\n'));
    block(code + "```");
  }

  /** Removes the two blanks that indent an example on the help page. */
  private static String unindented(String line) {
    return line.startsWith("  ") ? line.substring(2) : line;
  }

  private void block(String text) {
    page.append(text).append("\n\n");
  }
}
