package io.basedisk.cli.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.launcher.LaunchedClone.Outcome;
import io.basedisk.cli.launcher.LaunchedClone.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on a clone that has to be built, with a script in place of Maven. */
class LauncherBuildTest {

  private static final String ESCAPE = "\033";

  @TempDir private Path directory;

  private LaunchedClone clone;

  /** Has a line for each build. */
  private Path builds;

  @BeforeEach
  void makeClone() throws Exception {
    clone = new LaunchedClone(directory);
    clone.build("word");
    Files.delete(clone.built().resolve("launcher/built"));
    Files.move(clone.built(), directory.resolve("program"));
    builds = directory.resolve("builds");
    Files.createDirectory(directory.resolve("bin"));
    makeMaven("");
  }

  /** Makes a Maven that runs the commands of the shell, and then delivers the built program. */
  private void makeMaven(String commands) throws IOException {
    Path maven = directory.resolve("bin/mvn");
    Files.writeString(
        maven,
        String.join(
            "\n",
            "#!/bin/sh",
            "echo build >>'" + builds + "'",
            commands,
            "cp -pR '" + directory.resolve("program") + "/.' '" + clone.built() + "'",
            ""));
    Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int numberOfBuilds() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  @Test
  void a_start_that_builds_says_what_it_builds_in_lines_without_escape_codes() throws Exception {
    makeMaven(
        "printf '\\033[0m[INFO] Building basedisk: SQLite adapter 0.1.0-SNAPSHOT    [4/6]\\033[0m\\n'"
            + "; echo '[INFO] --- compile ---'");

    Outcome outcome = clone.start();

    assertEquals("word\n", outcome.output());
    assertEquals(
        """
        basedisk: building the program, which is needed once and after each change of its sources
        basedisk: building SQLite adapter (4/6)
        basedisk: built in SOME s
        """,
        outcome.errors().replaceFirst("built in [0-9]+ s", "built in SOME s"));
  }

  @Test
  void the_start_after_the_one_that_built_makes_the_archive() throws Exception {
    clone.start();
    assertEquals(ImmutableList.of(), clone.archives());

    assertEquals("word\n", clone.start().output());

    assertTrue(Files.size(clone.onlyArchive()) > 0);
    assertEquals(1, numberOfBuilds());
  }

  @Test
  void a_source_that_appears_changes_or_disappears_is_built() throws Exception {
    clone.start();
    Path source = clone.root().resolve("domain/src/main/Source.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "first");
    clone.start();
    assertEquals(2, numberOfBuilds());

    Files.writeString(source, "second");
    clone.start();
    assertEquals(3, numberOfBuilds());

    Files.delete(source);
    clone.start();
    assertEquals(4, numberOfBuilds());

    clone.start();
    assertEquals(4, numberOfBuilds());
  }

  @Test
  void a_start_during_the_build_of_another_waits_for_it_and_builds_nothing() throws Exception {
    Path end = directory.resolve("end");
    makeMaven("until [ -e '" + end + "' ]; do sleep 0.1; done");
    Start first = clone.begin();
    Start second;
    try {
      await(() -> numberOfBuilds() == 1);
      second = clone.begin();
      Path errors = second.errors();
      await(
          () -> {
            assertEquals(1, numberOfBuilds());
            return Files.readString(errors).contains("waiting for another start");
          });
    } finally {
      Files.createFile(end);
    }

    assertEquals("word\n", first.outcome().output());
    assertEquals("word\n", second.outcome().output());
    assertEquals(1, numberOfBuilds());
  }

  @Test
  void a_build_that_fails_prints_its_errors_and_the_next_start_builds_again() throws Exception {
    makeMaven(
        "printf '[INFO] progress\\n[ERROR] the class \\033[1mBroken\\033[m is not valid\\n'; exit 1");

    Outcome outcome = clone.begin().outcome();

    assertEquals(1, outcome.code());
    assertEquals("", outcome.output());
    assertTrue(
        outcome.errors().contains("[ERROR] the class Broken is not valid\n"), outcome::errors);
    assertTrue(outcome.errors().contains("basedisk: the build failed"), outcome::errors);
    assertFalse(outcome.errors().contains("progress"), outcome::errors);
    assertFalse(outcome.errors().contains(ESCAPE), outcome::errors);
    makeMaven("");
    assertEquals("word\n", clone.start().output());
  }

  @Test
  void a_clone_that_can_not_be_written_to_is_named() throws Exception {
    // Root may write to any directory, but not to one below a file.
    Files.writeString(clone.built(), "");

    Outcome outcome = clone.begin().outcome();

    assertEquals(1, outcome.code());
    assertEquals(
        "basedisk: can't write to "
            + clone.built().toRealPath()
            + "/launcher: build the program as a user who can, or use a clone of your own\n",
        outcome.errors());
    assertEquals(0, numberOfBuilds());
  }

  /** A condition that files decide. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException, InterruptedException {
    while (!condition.holds()) {
      Thread.sleep(20);
    }
  }
}
