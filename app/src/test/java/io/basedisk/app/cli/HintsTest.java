package io.basedisk.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.error.BusyException;
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
