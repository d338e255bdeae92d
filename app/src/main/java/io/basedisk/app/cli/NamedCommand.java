package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command by its name, or those for which a name is the first word. Only what is named on a
 * command line is made: to make all takes longer than to run one.
 *
 * @param maker describes it to picocli
 * @param nested none, if it does something itself
 */
record NamedCommand(
    String name, Function<RootCommand, CommandSpec> maker, ImmutableList<NamedCommand> nested) {

  /** Returns a command that does something. */
  static NamedCommand of(String name, Function<RootCommand, Command> maker) {
    return new NamedCommand(name, root -> maker.apply(root).spec(), ImmutableList.of());
  }

  /**
   * Returns a group of commands.
   *
   * @param description the paragraphs that its help begins with; the program's has the first one
   */
  static NamedCommand group(
      String name, ImmutableList<String> description, NamedCommand... nested) {
    return new NamedCommand(
        name,
        root -> {
          CommandSpec group = CommandSpec.create();
          group.usageMessage().description(description.toArray(String[]::new));
          return group;
        },
        ImmutableList.copyOf(nested));
  }

  /**
   * Makes it.
   *
   * @param wanted whether the command of a name is to be made
   * @return empty if it is not wanted, or if none of those is that its name needs beside it
   */
  Optional<CommandLine> make(RootCommand root, Predicate<String> wanted) {
    if (!wanted.test(name)) {
      return Optional.empty();
    }
    CommandLine line = new CommandLine(maker.apply(root).name(name));
    for (NamedCommand command : nested) {
      command.make(root, wanted).ifPresent(line::addSubcommand);
    }
    return nested.isEmpty() || !line.getSubcommands().isEmpty()
        ? Optional.of(line)
        : Optional.empty();
  }
}
