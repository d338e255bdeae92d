package io.basedisk.cli.accident;

import static io.basedisk.cli.accident.SampleHome.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.HomeListing;
import io.basedisk.cli.Cli;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.qcow2.os.ScratchMount;
import io.basedisk.qcow2.testing.Tool;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home that is not at its recorded path: copied, mounted twice, moved, or mixed up. */
class HomeElsewhereTest {

  private static final List<String[]> CHANGES =
      List.of(
          new String[] {"box", "create", "new", "--size", "1M"},
          new String[] {"box", "rm", "golden", "--with-snapshots"},
          new String[] {"snapshot", "rm", "golden", "s1"},
          new String[] {"gc"},
          new String[] {"gc", "--discard-orphans", "--orphan-grace", "0s"},
          new String[] {"gc", "--compact", "--max-depth", "1"},
          new String[] {"rootfs", "prune", "--max-bytes", "0"});

  @TempDir private Path temporary;
  private SampleHome sample;
  private Cli there;

  @BeforeEach
  void make_a_home() throws IOException {
    sample = new SampleHome(temporary);
    there = new Cli(sample.directory.resolve("home2"));
  }

  private void assertNoChangeIsPossibleThere() {
    for (String[] change : CHANGES) {
      assertRefused(3, "basedisk home relocate", there, change);
    }
    assertEquals(2, there.jsonList("box", "ls").size());
    there.run("doctor", "--repair");
    there.run("doctor", "--deep", "--repair");
  }

  @Test
  void no_command_in_a_copy_touches_the_original() throws IOException {
    Tool.run("cp", "-a", sample.home, there.home());
    sample.cli.json("clone", "golden@s1", "web-3");
    Map<String, String> original = HomeListing.of(sample.home);
    Map<String, String> copy = HomeListing.of(there.home());

    assertNoChangeIsPossibleThere();

    assertEquals(original, HomeListing.of(sample.home));
    assertEquals(copy, HomeListing.of(there.home()));
    there.json("home", "relocate", "--yes");
    there.json("box", "rm", "golden", "--with-snapshots");
    assertEquals(original, HomeListing.of(sample.home));
    sample.checkIsWell(sample.cli, "golden", "web-1", "web-3");
    sample.checkIsWell(there, "web-1");
  }

  @Test
  void no_command_through_a_second_mount_collects_what_the_first_needs() throws IOException {
    Files.createDirectory(there.home());
    ScratchMount.run("mount", "--bind", sample.home.toString(), there.home().toString());
    try {
      sample.cli.json("snapshot", "create", "golden", "nightly");
      Map<String, String> before = HomeListing.of(sample.home);
      assertNoChangeIsPossibleThere();
      assertRefused(3, "the same home as " + sample.home, there, "home", "relocate", "--yes");
      assertEquals(before, HomeListing.of(sample.home));
    } finally {
      Tool.run("umount", there.home());
    }
    sample.checkIsWell(sample.cli, "golden", "web-1");
  }

  @Test
  void no_command_in_a_moved_home_removes_anything_until_it_is_relocated() throws IOException {
    Tool.run("mv", sample.home, there.home());
    Map<String, String> before = HomeListing.of(there.home());

    assertNoChangeIsPossibleThere();

    assertEquals(before, HomeListing.of(there.home()));
    there.json("home", "relocate", "--yes");
    sample.checkIsWell(there, "golden", "web-1");
    there.json("box", "rm", "golden", "--with-snapshots");
    sample.checkIsWell(there, "web-1");
  }

  @Test
  void a_store_of_another_home_is_refused() throws IOException {
    Cli other = new Cli(sample.directory.resolve("other"));
    other.json("home", "init");
    Map<String, String> before = HomeListing.of(sample.home);
    try (BaseDiskStore store =
        SqliteBaseDiskStore.open(new HomeLayout(sample.home).db().resolve("basedisk.db"))) {
      HomeUnusableException refused =
          assertThrows(
              HomeUnusableException.class,
              () -> BaseDisks.builder().home(other.home()).store(store).open().close());
      assertEquals(Problem.FOREIGN_STORE, refused.problem());
    }
    assertEquals(before, HomeListing.of(sample.home));
    sample.checkIsWell(sample.cli, "golden", "web-1");
  }

  @Test
  void a_database_that_was_copied_from_another_home_is_refused() throws IOException {
    SampleHome other = new SampleHome(Files.createDirectory(sample.directory.resolve("b")));
    Map<String, String> before = HomeListing.of(other.home);
    Tool.run("sh", "-c", "rm -f \"$1\"/basedisk.db*", "sh", other.db());
    Tool.run("sh", "-c", "cp -a \"$1\"/basedisk.db* \"$2\"", "sh", sample.db(), other.db());

    for (String[] change : CHANGES) {
      assertRefused(3, "doctor --rebuild", other.cli, change);
    }

    assertEquals(before, HomeListing.of(other.home));
    Cli.Result rebuilt = other.cli.run("doctor", "--rebuild");
    assertTrue(rebuilt.code() == 0 || rebuilt.code() == 7, rebuilt::toString);
    other.checkIsWell(other.cli, "golden", "web-1");
    sample.checkIsWell(sample.cli, "golden", "web-1");
  }
}
