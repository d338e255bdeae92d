package io.basedisk.cli;

import io.basedisk.cli.completion.Shell;

/** {@code basedisk completion}. */
final class CompletionCommand extends Command {

  private final Argument<Shell> shell =
      takes.parameter("SHELL", Shell::ofLabel, "The shell: bash, zsh or fish.");

  CompletionCommand(RootCommand root) {
    super(
        root,
        "Prints a script that completes the commands and options of basedisk in a shell.",
        "The packages install the scripts. Without a package, load one as the examples show. In"
            + " zsh, compinit must run first. The output is the script, also with --json.");
    examples(
        "  source <(basedisk completion bash)     in ~/.bashrc",
        "  source <(basedisk completion zsh)      in ~/.zshrc",
        "  basedisk completion fish | source      in ~/.config/fish/config.fish");
  }

  @Override
  public Integer call() {
    root.console().out().print(shell.get().script(new Program(root.console()).withAllCommands()));
    return ExitCode.DONE.number();
  }
}
