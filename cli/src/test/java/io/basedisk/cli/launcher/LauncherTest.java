package io.basedisk.cli.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and its archives of classes, on a clone whose program was built. */
class LauncherTest {

  @TempDir private Path directory;

  private LaunchedClone clone;

  @BeforeEach
  void makeClone() throws IOException {
    clone = new LaunchedClone(directory);
  }

  @Test
  void a_class_that_a_rebuilt_jar_changed_is_not_run_as_it_was() throws Exception {
    clone.build("old");
    assertEquals("old\n", clone.start().output());
    Path before = clone.onlyArchive();
    assertTrue(Files.size(before) > 0, "the first start made no archive");

    clone.build("new");

    assertEquals("new\n", clone.start().output());
    assertNotEquals(before, clone.onlyArchive());
    assertEquals("new\n", clone.start().output());
  }

  @Test
  void an_archive_outlasts_a_start_that_follows_no_build() throws Exception {
    clone.build("same");
    clone.start();
    FileTime made = Files.getLastModifiedTime(clone.onlyArchive());

    assertEquals("same\n", clone.start().output());

    assertEquals(made, Files.getLastModifiedTime(clone.onlyArchive()));
  }

  @Test
  void a_start_without_an_archive_runs_the_command() throws Exception {
    clone.build("bare");
    clone.start();
    Files.write(clone.onlyArchive(), new byte[0]);

    assertEquals("bare\n", clone.start().output());

    assertEquals(0, Files.size(clone.onlyArchive()));
  }
}
