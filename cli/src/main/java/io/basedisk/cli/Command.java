package io.basedisk.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;

/**
 * A command: its arguments, its help and its action.
 *
 * <p>Commands describe themselves by calls. Annotations would say the same, but Java reads them by
 * reflection and generates a class for each kind in every process, a tenth of a short command.
 */
abstract class Command implements Callable<Integer> {

  final RootCommand root;

  /** The parameters and options. */
  final Arguments takes;

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  /**
   * @param description the first paragraphs of the help page
   */
  Command(RootCommand root, String... description) {
    this.root = root;
    this.takes = new Arguments(spec, ScopeType.LOCAL);
    spec.usageMessage().description(description);
  }

  /** Adds examples to the help page. */
  final void examples(String... lines) {
    spec.usageMessage()
        .footerHeading(lines.length == 1 ? "%nExample:%n" : "%nExamples:%n")
        .footer(lines);
  }

  /** Replaces the synopsis that picocli derives from the arguments. */
  final void synopsis(String... lines) {
    spec.usageMessage().customSynopsis(lines);
  }

  /** {@return picocli's description of the command} */
  final CommandSpec spec() {
    return spec;
  }

  /** Runs the command and returns the exit code. */
  @Override
  public abstract Integer call();
}
