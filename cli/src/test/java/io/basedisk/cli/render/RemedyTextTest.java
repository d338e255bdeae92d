package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each remedy has a text, and a hint names only options of the failed command. */
class RemedyTextTest {

  @Test
  void each_kind_of_remedy_has_words() {
    assertEquals(
        ImmutableSet.copyOf(kindsOf(Remedy.class).toList()),
        ImmutableSet.copyOf(RemedyText.kinds()));
  }

  private static Stream<Class<?>> kindsOf(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(RemedyTextTest::kindsOf)
        : Stream.of(type);
  }

  @Test
  void a_busy_box_can_be_waited_for() {
    assertEquals(
        "to wait for the operation to end: --wait SECONDS",
        RemedyText.of(new Remedy.WaitForOperation(7)));
  }

  @Test
  void on_a_full_file_system_the_commands_that_free_space_are_named() {
    String hint = RemedyText.of(new Remedy.FreeSpace());

    assertTrue(hint.contains("'box rm'") && hint.contains("'gc'"), hint);
  }

  @Test
  void a_read_only_home_can_be_mounted_for_writing() {
    String hint = RemedyText.of(new Remedy.MakeHomeWritable());

    assertTrue(hint.contains("for writing"), hint);
  }

  @Test
  void a_file_can_be_allowed_where_the_command_has_the_option() {
    Remedy allow = new Remedy.AllowBacking(Path.of("/base"));

    assertEquals(
        Optional.of("to allow it: --allow-backing /base"),
        RemedyText.of(allow, "--allow-backing"::equals));
    assertEquals(Optional.empty(), RemedyText.of(allow, option -> false));
  }
}
