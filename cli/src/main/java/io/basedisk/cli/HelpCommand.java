package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code basedisk help}. */
final class HelpCommand extends Command {

  private final Argument<List<String>> words =
      takes.furtherParameters("COMMAND", Function.identity(), "The command, of one or two words.");

  HelpCommand(RootCommand root) {
    super(root, "Prints the help page of a command, or of the program.");
    examples("  basedisk help", "  basedisk help box create");
  }

  @Override
  public Integer call() {
    CommandLine page = new Program(root.console()).withAllCommands();
    for (String word : words.or(ImmutableList.of())) {
      CommandLine nested = page.getSubcommands().get(word);
      if (nested == null) {
        throw new UnmatchedArgumentException(page, ImmutableList.of(word));
      }
      page = nested;
    }
    page.usage(root.console().out());
    return ExitCode.DONE.number();
  }
}
