package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The name of a command, or of a group of them for which it is the first word. Only what is named
 * on a command line is made: to make all takes longer than to run one.
 *
 * @param description the paragraphs that the help of a group begins with
 * @param nested the names of a group's commands; none, if it is a command itself
 */
record NamedCommand(String name, ImmutableList<String> description, ImmutableList<String> nested) {

  /** Returns the name of a command that has one word. */
  static NamedCommand of(String name) {
    return new NamedCommand(name, ImmutableList.of(), ImmutableList.of());
  }

  /** Returns the name of a group, and those of its commands. */
  static NamedCommand group(String name, ImmutableList<String> description, String... nested) {
    return new NamedCommand(name, description, ImmutableList.copyOf(nested));
  }

  /**
   * Makes it.
   *
   * @param wanted whether what has a name is to be made
   * @param maker makes the command of some words
   * @return empty if it is not wanted, or if none of those is that its name needs beside it
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
