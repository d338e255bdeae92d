package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command explains itself. */
class HelpTest {

  private static final List<String> GLOBAL_OPTIONS =
      List.of("--home", "--json", "--quiet", "--wait", "--unknown-use", "--color", "--debug");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "home",
        "home init",
        "box",
        "box create",
        "box ls",
        "box show",
        "box path",
        "box rename",
        "box rm",
        "box forget",
        "box compact",
        "box resize",
        "snapshot",
        "snapshot create",
        "snapshot ls",
        "snapshot restore",
        "snapshot rename",
        "snapshot rm",
        "snapshot prune",
        "clone",
        "rootfs",
        "rootfs add",
        "rootfs ls",
        "rootfs rm",
        "rootfs prune",
        "base",
        "base create",
        "base ls",
        "base show",
        "base rm",
        "gc",
        "tree",
        "du",
        "which",
        "image",
        "image create",
        "image info",
        "image convert",
        "image measure",
        "image check",
        "image map",
        "image compare",
        "image read",
        "image resize",
        "image rebase",
        "completion"
      })
  void every_command_has_help_of_its_own(String command) {
    Cli.Result result = Cli.runAnywhere(Map.of(), (command + " --help").split(" "));

    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("basedisk " + command), result.out());
    assertFalse(result.out().contains("Manages the immutable"), "not the program's description");
  }

  @Test
  void help_of_the_program_lists_its_commands_and_exit_codes() {
    String help = Cli.runAnywhere(Map.of(), "--help").out();

    for (String word :
        new String[] {"demo", "box", "snapshot", "clone", "base", "gc", "tree", "du", "image"}) {
      assertTrue(help.contains("\n  " + word + " "), word);
    }
    assertTrue(help.contains("it exists already"), help);
  }

  @Test
  void help_of_the_program_describes_each_global_option_but_not_the_hidden_one() {
    String help = Cli.runAnywhere(Map.of(), "--help").out();

    for (String option : GLOBAL_OPTIONS) {
      assertTrue(help.contains("\n      " + option), option);
    }
    assertFalse(help.contains("--when-locks-cant-be-asked"), help);
  }

  @ParameterizedTest
  @ValueSource(strings = {"box create", "clone", "gc", "image"})
  void help_of_a_command_names_each_global_option_once(String command) {
    String help = Cli.runAnywhere(Map.of(), (command + " --help").split(" ")).out();

    for (String option : GLOBAL_OPTIONS) {
      String line = "Global options: .*" + option + "(?s:.)*";
      assertTrue(help.replaceAll("\\s+", " ").matches(".*" + line), help);
      assertFalse(help.contains("\n      " + option), help);
    }
    assertFalse(help.contains("--when-locks-cant-be-asked"), help);
  }

  @Test
  void help_and_errors_are_the_same_whatever_command_is_named_too() {
    Cli.Result help = Cli.runAnywhere(Map.of(), "--help", "box");
    Cli.Result error = Cli.runAnywhere(Map.of(), "box", "snapshott");

    assertEquals(Cli.runAnywhere(Map.of(), "--help"), help);
    assertEquals(2, error.code());
    assertTrue(error.err().contains("box"), error.err());
  }

  @Test
  void a_group_tells_of_all_its_commands_whichever_of_them_is_named_too() {
    for (NamedCommand group : Commands.NAMES) {
      Cli.Result help = Cli.runAnywhere(Map.of(), group.name(), "--help");

      for (String command : group.nested()) {
        assertTrue(help.out().contains("\n  " + command + " "), help.out());
        assertEquals(
            help, Cli.runAnywhere(Map.of(), group.name(), "--help", command), group.name());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"home", "box", "snapshot", "rootfs", "base", "image"})
  void a_group_needs_one_of_its_commands(String group) {
    Cli.Result alone = Cli.runAnywhere(Map.of(), group);
    Cli.Result another = Cli.runAnywhere(Map.of(), group, "demo");

    assertEquals(2, alone.code(), alone.err());
    assertTrue(alone.err().contains("one of its commands is missing: "), alone.err());
    assertEquals(2, another.code(), another.err());
    assertEquals("", another.out());
  }

  @Test
  void an_unknown_name_is_the_error_of_its_group() {
    Cli.Result error = Cli.runAnywhere(Map.of(), "box", "shwo");

    assertEquals(2, error.code());
    assertEquals("basedisk: box: unknown command 'shwo'", error.errors().get(0));
  }

  @Test
  void every_command_has_a_name() {
    long names = Commands.NAMES.stream().mapToLong(name -> Math.max(1, name.nested().size())).sum();
    long commands =
        new ClassFileImporter()
            .importPackagesOf(Command.class).stream()
                .filter(type -> type.isAssignableTo(Command.class))
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .count();

    assertEquals(names, commands);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "box --version", "box rm -V", "help --version"})
  void version_names_the_program_whatever_command_is_named_too(String command) {
    Cli.Result version = Cli.runAnywhere(Map.of(), command.split(" "));

    assertEquals(0, version.code());
    assertTrue(version.out().startsWith("basedisk "), version.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "box", "box create", "gc"})
  void help_prints_the_page_of_a_command(String command) {
    Cli.Result page = Cli.runAnywhere(Map.of(), ("help " + command).split(" "));

    assertEquals(Cli.runAnywhere(Map.of(), (command + " --help").trim().split(" ")), page);
  }

  @Test
  void help_suggests_a_command() {
    Cli.Result error = Cli.runAnywhere(Map.of(), "help", "box", "craete");

    assertEquals(2, error.code());
    assertTrue(error.err().contains("did you mean 'create'?"), error.err());
  }

  @Test
  void without_a_command_the_program_prints_its_help_as_an_error() {
    Cli.Result bare = Cli.runAnywhere(Map.of());

    assertEquals(2, bare.code());
    assertEquals("", bare.out());
    assertEquals(Cli.runAnywhere(Map.of(), "--help").out(), bare.err());
  }
}
