package io.basedisk.cli.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.qcow2.os.ScratchMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real file systems that are mounted read-only. */
@Tag("oracle")
class ReadOnlyFileSystemOracleTest {

  /** Commands that change the home and create no file. */
  private static final List<String> REMOVING =
      List.of(
          "box rm web-1 --with-snapshots",
          "snapshot rm web-1 s1",
          "base rm %s",
          "box rename web-1 other",
          "box forget web-1 --drop-snapshots",
          "snapshot rename web-1 s1 other",
          "rootfs rm r1",
          "rootfs prune --max-bytes 0",
          "gc");

  @TempDir private Path temporary;

  private SampleHome sample(ScratchMount mount) {
    return SampleHome.make(mount.directory().resolve("home"), temporary.resolve("image.qcow2"));
  }

  @ParameterizedTest
  @EnumSource
  void what_reads_works_and_what_changes_is_refused(SmallFileSystem kind) throws IOException {
    try (ScratchMount mount = kind.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      mount.makeReadOnly();

      sample.assertReadingWorks();
      sample.assertAddingFails(3, "read-only");
      REMOVING.forEach(command -> sample.assertFails(command, 3, "read-only"));
    }
  }

  @Test
  void opening_needs_none_of_the_files_that_it_makes() throws IOException {
    try (ScratchMount mount = SmallFileSystem.EXT4.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      for (String file : List.of("home.json", "stamp", "db/operations.lock", "db/reserve")) {
        Files.delete(sample.cli.home().resolve(file));
      }
      Files.deleteIfExists(sample.cli.home().resolve("db/basedisk.db-migration-lock"));
      mount.makeReadOnly();

      sample.assertReadingWorks();
      sample.assertAddingFails(3, "read-only");
    }
  }

  @Test
  void reading_says_nothing_of_it_and_home_show_does() throws IOException {
    try (ScratchMount mount = SmallFileSystem.EXT4.mount(temporary.toRealPath())) {
      SampleHome sample = sample(mount);
      Map<String, Object> before = sample.cli.json("home", "show");
      mount.makeReadOnly();

      assertEquals("", sample.run("box ls").err());
      Map<String, Object> after = sample.cli.json("home", "show");

      assertEquals(true, before.get("usable"));
      assertEquals(false, after.get("usable"));
      assertTrue(String.valueOf(after.get("problem")).contains("read-only"), after.toString());
      for (String field : List.of("home", "id", "schema", "boxes", "bases")) {
        assertEquals(before.get(field), after.get(field), field);
      }
    }
  }
}
