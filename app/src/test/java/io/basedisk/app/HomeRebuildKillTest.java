package io.basedisk.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rebuild can be repeated after a kill before any of its steps, on real files. */
final class HomeRebuildKillTest {

  private static final String OLD = "not a database, but all that is left";

  private static final ImmutableSet<String> STEPS =
      ImmutableSet.of("link", "rename", "remove", "sync", "limitPermissions", "createDirectory");

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path directory;

  private Path home;
  private Path database;

  @BeforeEach
  void aBoxOnABase() throws IOException {
    home = directory.toRealPath().resolve("home");
    database = home.resolve("db/basedisk.db");
    try (BaseDisks disks = BaseDisks.open(home)) {
      disks.boxes().create(BoxId.of("web"), new ByteSize(1 << 20));
      disks.bases().create(BoxId.of("web"), BaseDiskKind.CLONE_BASE, null);
    }
  }

  @Test
  void a_rebuild_that_is_killed_before_any_step_can_be_repeated() throws IOException {
    int step = 0;
    boolean isKilled = true;
    while (isKilled) {
      loseStore();
      isKilled = isKilledBefore(step);
      if (Files.exists(database) && !isOld()) {
        assertNewStore();
      } else {
        assertFalse(isOldStoreWithoutLog(), "the old store has lost its log");
        repeat();
      }
      assertNewStore();
      assertTrue(isKept(OLD), "the old store is kept");
      assertTrue(isKept("its log"), "the old log is kept");
      step++;
    }
    assertTrue(step > 10, "the steps were " + step);
  }

  private boolean isOld() throws IOException {
    return new String(Files.readAllBytes(database), UTF_8).equals(OLD);
  }

  private void loseStore() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("db"))) {
      for (Path file : files.filter(f -> !f.endsWith("operations.lock")).toList()) {
        Files.delete(file);
      }
    }
    Files.writeString(database, OLD);
    Files.writeString(home.resolve("db/basedisk.db-wal"), "its log");
  }

  private boolean isKilledBefore(int step) {
    int[] passed = {0};
    DiskFiles files =
        DiskFilesProxy.of(
            (name, path) -> {
              if (STEPS.contains(name) && passed[0]++ == step) {
                throw new Killed();
              }
            });
    try {
      HomeRebuild.Outcome done =
          UnopenedHomeComponent.of(home, files).rebuild().run(ImmutableList.of());
      return done.plan().boxes().isEmpty();
    } catch (Killed killed) {
      return true;
    }
  }

  private void repeat() {
    try {
      assertEquals(1, HomeRebuild.of(home).run(ImmutableList.of()).plan().boxes().size());
    } catch (RefusedException current) {
      throw new AssertionError("the store counts as current", current);
    }
  }

  private boolean isOldStoreWithoutLog() throws IOException {
    return Files.exists(database) && !Files.exists(home.resolve("db/basedisk.db-wal"));
  }

  private void assertNewStore() {
    assertFalse(Files.exists(home.resolve("db/basedisk.db-wal")), "a log beside the new store");
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(database)) {
      assertEquals(1, store.read(view -> view.boxes().list()).size());
      assertEquals(1, store.read(view -> view.references().list()).size());
    }
  }

  private boolean isKept(String content) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("db"))) {
      for (Path file : files.filter(f -> f.toString().contains(".replaced-")).toList()) {
        if (new String(Files.readAllBytes(file), UTF_8).equals(content)) {
          return true;
        }
      }
    }
    return false;
  }
}
