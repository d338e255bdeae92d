package io.basedisk.cli;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ScopeType;

/**
 * The help page of a command. The page of the program describes the global options; the page of
 * every other command only names them, in one line at its end.
 */
final class BriefHelp {

  private BriefHelp() {}

  /**
   * {@return the page of a command} This hides the command's inherited options for good, which is
   * safe because a command line prints help only after it was parsed.
   */
  static Help of(CommandSpec command, ColorScheme colors) {
    ImmutableList<OptionSpec> global = hideGlobal(command);
    if (!global.isEmpty()) {
      name(global, command.usageMessage());
    }
    return new Help(command, colors);
  }

  /** Hides the command's inherited options for good, and returns them. */
  @CanIgnoreReturnValue
  static ImmutableList<OptionSpec> hideGlobal(CommandSpec command) {
    ImmutableList<OptionSpec> global =
        command.options().stream()
            .filter(option -> option.inherited() && !option.hidden())
            .collect(ImmutableList.toImmutableList());
    global.forEach(option -> hide(command, option));
    return global;
  }

  private static void hide(CommandSpec command, OptionSpec option) {
    command.remove(option);
    // Local, or picocli would add the copy to the subcommands, which have the option already.
    command.addOption(OptionSpec.builder(option).scopeType(ScopeType.LOCAL).hidden(true).build());
  }

  private static void name(ImmutableList<OptionSpec> options, UsageMessageSpec page) {
    ImmutableList<String> names =
        options.stream().map(BriefHelp::synopsisOf).collect(ImmutableList.toImmutableList());
    page.footer(
        ImmutableList.<String>builder()
            .add(page.footer())
            .add("", "Global options: " + Joiner.on(", ").join(names) + "; see 'basedisk --help'.")
            .build()
            .toArray(String[]::new));
  }

  private static String synopsisOf(OptionSpec option) {
    String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    return option.longestName() + label;
  }
}
