package io.basedisk.app.cli;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * A command, and those for which its name is the first word. Its name is here too because to read
 * it from the annotations of all commands takes longer than to describe the one that is named.
 *
 * @param name the one that its annotation says
 * @param type its class
 * @param nested none, if it does something itself
 */
record NamedCommand(String name, Class<?> type, ImmutableList<NamedCommand> nested) {

  /** Returns one of that name. */
  static NamedCommand of(String name, Class<?> type, NamedCommand... nested) {
    return new NamedCommand(name, type, ImmutableList.copyOf(nested));
  }

  /**
   * Describes it to picocli.
   *
   * @param wanted whether the command of a name is to be described
   * @return empty if it is not wanted, or if none of those is that its name needs beside it
   */
  Optional<CommandLine> describe(Predicate<String> wanted, IFactory factory) {
    if (!wanted.test(name)) {
      return Optional.empty();
    }
    CommandLine line = new CommandLine(type, factory);
    for (NamedCommand command : nested) {
      command.describe(wanted, factory).ifPresent(line::addSubcommand);
    }
    return nested.isEmpty() || !line.getSubcommands().isEmpty()
        ? Optional.of(line)
        : Optional.empty();
  }
}
