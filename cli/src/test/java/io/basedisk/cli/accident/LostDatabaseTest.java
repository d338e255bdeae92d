package io.basedisk.cli.accident;

import static io.basedisk.cli.accident.SampleHome.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.HomeListing;
import io.basedisk.cli.Cli;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.testing.Intents;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database of a home is gone, empty or old. */
class LostDatabaseTest {

  private static final List<String[]> CHANGES =
      List.of(
          new String[] {"box", "create", "new", "--size", "1M"},
          new String[] {"box", "rm", "golden", "--with-snapshots"},
          new String[] {"gc"},
          new String[] {"gc", "--discard-orphans", "--orphan-grace", "0s"});

  @TempDir private Path temporary;
  private SampleHome sample;

  @BeforeEach
  void make_a_home() throws IOException {
    sample = new SampleHome(temporary);
  }

  private void happens(String accident) {
    Tool.run("sh", "-c", "cd \"$1\" && " + accident, "sh", sample.home);
  }

  private void rebuild() {
    Cli.Result rebuilt = sample.cli.run("doctor", "--rebuild");
    assertTrue(rebuilt.code() == 0 || rebuilt.code() == 7, rebuilt::toString);
    Cli.Result released = sample.cli.run("gc", "--release-holds");
    assertEquals(0, released.code(), released.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rm -r db",
        "rm db/basedisk.db*",
        "truncate -s 0 db/basedisk.db; rm -f db/basedisk.db-*",
      })
  void nothing_is_deleted_and_the_files_make_a_lost_database_anew(String accident)
      throws IOException {
    Map<String, String> before = HomeListing.of(sample.home);
    happens(accident);

    for (String[] change : CHANGES) {
      Cli.Result refused = sample.cli.run(change);
      assertTrue(
          refused.code() == 3 || refused.code() == 4 || refused.code() == 1, refused::toString);
      assertTrue(refused.err().contains("basedisk: hint: "), refused.err());
    }

    assertEquals(before, HomeListing.of(sample.home), "files after the refused commands");
    sample.checkReads(sample.disk("golden"), sample.disk("web-1"));
    rebuild();
    assertEquals(1, sample.cli.jsonList("snapshot", "ls", "golden").size());
    sample.checkIsWell(sample.cli, "golden", "web-1");
    sample.checkReads(sample.fileOf("golden", "s1"), sample.fileOf("web-1", "s2"));
  }

  @Test
  void an_older_database_loses_no_box_that_was_made_since() throws IOException {
    Runnable older = sample.keepDatabase();
    sample.cli.json("clone", "golden@s1", "web-2");
    sample.cli.json("snapshot", "create", "web-2", "s3");
    Path made = sample.fileOf("web-2", "s3");
    Map<String, String> before = HomeListing.of(sample.home);
    older.run();

    for (String[] change : CHANGES) {
      assertRefused(3, "doctor --rebuild", sample.cli, change);
    }
    assertRefused(3, "doctor --rebuild", sample.cli, "box", "rm", "web-1", "--with-snapshots");

    assertEquals(before, HomeListing.of(sample.home));
    rebuild();
    sample.checkIsWell(sample.cli, "golden", "web-1", "web-2");
    assertEquals(made, sample.fileOf("web-2", "s3"));
    sample.checkReads(made);
  }

  @Test
  void an_older_database_that_agrees_with_the_files_is_used() throws IOException {
    Runnable older = sample.keepDatabase();
    sample.cli.json("box", "create", "short", "--size", "1M");
    sample.cli.json("box", "rm", "short");
    older.run();

    sample.cli.json("snapshot", "create", "golden", "s4");

    sample.checkIsWell(sample.cli, "golden", "web-1");
  }

  /** SQLite keeps the log as long as a process has the database open. */
  @Test
  void a_deleted_log_of_the_database_loses_no_box() throws IOException {
    Path kept = sample.directory.resolve("without-log.db");
    try (BaseDisks open = BaseDisks.open(sample.home)) {
      open.boxes().list();
      Tool.run("cp", "-a", sample.db().resolve("basedisk.db"), kept);
      sample.cli.json("clone", "golden@s1", "web-2");
      Tool.run("cp", "-a", sample.db().resolve("basedisk.db"), kept);
      assertTrue(Files.size(sample.db().resolve("basedisk.db-wal")) > 0, "nothing is in the log");
    }
    Map<String, String> before = HomeListing.of(sample.home);
    happens("rm -f db/basedisk.db*");
    Tool.run("cp", "-a", kept, sample.db().resolve("basedisk.db"));

    assertRefused(3, "doctor --rebuild", sample.cli, "gc");
    assertRefused(3, "doctor --rebuild", sample.cli, "box", "rm", "golden", "--with-snapshots");

    assertEquals(before, HomeListing.of(sample.home));
    rebuild();
    sample.checkIsWell(sample.cli, "golden", "web-1", "web-2");
  }

  @Test
  void a_box_directory_without_a_record_is_seen_and_stays() throws IOException {
    Path orphan = Files.createDirectories(sample.home.resolve("boxes/unknown/disks"));
    Tool.run("cp", "-a", sample.disk("web-1"), orphan.resolve("disk.qcow2"));

    Cli.Result collected = sample.cli.run("gc");
    assertEquals(0, collected.code(), collected.err());
    assertTrue(
        (collected.out() + collected.err()).contains("boxes/unknown"),
        () -> "gc does not tell: " + collected);
    Cli.Result discarded = sample.cli.run("gc", "--discard-orphans", "--orphan-grace", "1h");
    assertEquals(0, discarded.code(), discarded.err());

    sample.checkReads(orphan.resolve("disk.qcow2"), sample.disk("golden"), sample.disk("web-1"));
  }

  /** The database of a backup may have intents of completed operations. */
  @Test
  void a_completed_rootfs_add_whose_intent_comes_back_is_not_undone() throws IOException {
    sample.cli.json(
        "rootfs", "add", "k", sample.directory.resolve("golden.raw").toString(), "--format", "raw");
    sample.cli.json("box", "create", "vm", "--rootfs", "k");
    bringBackIntent();

    Cli.Result doctor = sample.cli.run("doctor");
    assertTrue(doctor.code() == 0 || doctor.code() == 7, doctor::toString);
    sample.cli.run("gc");
    sample.cli.run("box", "ls");

    sample.checkReads(sample.disk("vm"), sample.disk("golden"), sample.disk("web-1"));
  }

  private void bringBackIntent() {
    try (BaseDiskStore store = SqliteBaseDiskStore.open(sample.db().resolve("basedisk.db"))) {
      store.change(
          tx -> {
            BaseDisk base = tx.bases().findByName(BoxId.GLOBAL, new RootfsKey("k")).orElseThrow();
            tx.references().deleteOf(BoxId.of("vm"));
            tx.bases().delete(base.id());
            tx.intents()
                .insert(Intents.addRootfs(77, base.id().value(), base.diskInfo().basePath(), "k"));
          });
    }
  }
}
