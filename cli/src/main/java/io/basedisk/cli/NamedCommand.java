package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The name of a command, or of a group of commands. Only the commands that a command line names are
 * constructed, because constructing all takes longer than running one.
 *
 * @param description the first paragraphs of a group's help page
 * @param nested the names of a group's commands; empty for a single command
 */
record NamedCommand(String name, ImmutableList<String> description, ImmutableList<String> nested) {

  /** {@return the name of a command of one word} */
  static NamedCommand of(String name) {
    return new NamedCommand(name, ImmutableList.of(), ImmutableList.of());
  }

  /** {@return the name of a group with the names of its commands} */
  static NamedCommand group(String name, ImmutableList<String> description, String... nested) {
    return new NamedCommand(name, description, ImmutableList.copyOf(nested));
  }

  /**
   * Constructs the command or group.
   *
   * @param wanted whether to construct the command of a name
   * @param maker constructs the command of one or two words
   * @return empty if the command is not wanted, or if no command of the group is
   */
  Optional<CommandLine> make(Predicate<String> wanted, Function<String, Command> maker) {
    if (!wanted.test(name)) {
      return Optional.empty();
    }
    return nested.isEmpty()
        ? Optional.of(new CommandLine(maker.apply(name).spec().name(name)))
        : makeGroup(wanted, maker);
  }

  private Optional<CommandLine> makeGroup(
      Predicate<String> wanted, Function<String, Command> maker) {
    CommandSpec group = CommandSpec.create().name(name);
    group.usageMessage().description(description.toArray(String[]::new));
    CommandLine line = new CommandLine(group);
    for (String word : nested) {
      if (wanted.test(word)) {
        line.addSubcommand(new CommandLine(maker.apply(name + " " + word).spec().name(word)));
      }
    }
    return line.getSubcommands().isEmpty() ? Optional.empty() : Optional.of(line);
  }
}
