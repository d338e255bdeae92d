package io.basedisk.cli.completion;

import com.google.common.base.Ascii;
import io.basedisk.domain.error.InvalidArgumentException;
import java.util.Arrays;
import picocli.AutoComplete;
import picocli.CommandLine;

/** A shell that completes the command line of the program. */
public enum Shell {
  /** GNU Bash. */
  BASH,
  /** The Z shell. */
  ZSH,
  /** The friendly interactive shell. */
  FISH;

  /**
   * {@return the shell of that name}
   *
   * @param label the name in lower case
   * @throws InvalidArgumentException if there is none
   */
  public static Shell ofLabel(String label) {
    return Arrays.stream(values())
        .filter(shell -> Ascii.toLowerCase(shell.name()).equals(label))
        .findFirst()
        .orElseThrow(
            () -> new InvalidArgumentException("expected bash, zsh or fish, not '" + label + "'"));
  }

  /**
   * {@return the script that completes the commands and options of a program in this shell}
   *
   * @param program the program with all its commands
   */
  public String script(CommandLine program) {
    return switch (this) {
      case BASH -> bash(program);
      case ZSH -> zsh(program);
      case FISH -> FishCompletion.of(program);
    };
  }

  private static String bash(CommandLine program) {
    return AutoComplete.bash(program.getCommandName(), program);
  }

  /**
   * The script for bash, which zsh runs too. zsh loads a file of its completion directories as a
   * function when it first completes a word, and that call must complete the word. In such a file
   * the alias of the script for bash's {@code compopt} has no effect.
   */
  private static String zsh(CommandLine program) {
    return """
        #compdef PROGRAM
        (( ${+functions[compopt]} )) || function compopt { : }
        SCRIPT
        if [ "${funcstack[1]}" = _PROGRAM ]; then
          _bash_complete -o default -F _complete_PROGRAM
        fi
        """
        .replace("PROGRAM", program.getCommandName())
        .replace("SCRIPT", bash(program));
  }
}
