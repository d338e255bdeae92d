package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.error.NoSpaceException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.UnallowedFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A hint names only what the command that failed can be given. */
class HintsTest {

  @Test
  void an_error_that_says_all_has_no_hint() {
    assertEquals(Optional.empty(), Hints.of(new RefusedException("why"), CommandSpec.create()));
  }

  @Test
  void a_busy_box_can_be_waited_for() {
    assertEquals(
        Optional.of("to wait for the operation to end: --wait SECONDS"),
        Hints.of(new BusyException("box web-1", 7), CommandSpec.create()));
  }

  @Test
  void on_a_full_file_system_the_commands_that_free_space_are_named() {
    String hint =
        Hints.of(new NoSpaceException("full", new Exception()), CommandSpec.create()).orElseThrow();

    assertTrue(hint.contains("'box rm'") && hint.contains("'gc'"), hint);
  }

  @Test
  void a_read_only_home_can_be_mounted_for_writing() {
    String hint =
        Hints.of(new HomeUnusableException(Problem.READ_ONLY, "why"), CommandSpec.create())
            .orElseThrow();

    assertTrue(hint.contains("for writing"), hint);
  }

  @Test
  void a_file_can_be_allowed_where_the_command_has_the_option() {
    UnallowedFileException unallowed =
        new UnallowedFileException(Path.of("/overlay"), Path.of("/base"));
    CommandSpec command =
        CommandSpec.create()
            .addOption(OptionSpec.builder("--allow-backing").type(Path.class).build());

    assertEquals(Optional.of("to allow it: --allow-backing /base"), Hints.of(unallowed, command));
    assertEquals(Optional.empty(), Hints.of(unallowed, CommandSpec.create()));
  }
}
