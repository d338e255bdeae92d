package io.basedisk.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;

/**
 * A command that does something: what it takes, what its help tells, and what it does.
 *
 * <p>It is described by calls. From annotations picocli would learn the same, but Java reads them
 * by reflection and makes a class for each kind of them, in each process: a tenth of a short
 * command.
 */
abstract class Command implements Callable<Integer> {

  final RootCommand root;

  /** What it takes. */
  final Arguments takes;

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  /**
   * @param description the paragraphs that its help begins with
   */
  Command(RootCommand root, String... description) {
    this.root = root;
    this.takes = new Arguments(spec, ScopeType.LOCAL);
    spec.usageMessage().description(description);
  }

  /** Ends its help with these lines. */
  final void examples(String... lines) {
    spec.usageMessage()
        .footerHeading(lines.length == 1 ? "%nExample:%n" : "%nExamples:%n")
        .footer(lines);
  }

  /** Begins its help with these lines instead of those that picocli makes of what it takes. */
  final void synopsis(String... lines) {
    spec.usageMessage().customSynopsis(lines);
  }

  /** Returns how picocli has it. */
  final CommandSpec spec() {
    return spec;
  }

  /** Does it, and returns the exit code. */
  @Override
  public abstract Integer call();
}
