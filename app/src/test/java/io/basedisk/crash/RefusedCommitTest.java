package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fork whose last transaction is refused after its base has lost its write permissions. It can
 * only roll forward, at once or in the next process. That base must never become the disk again.
 */
class RefusedCommitTest {

  private static final Set<PosixFilePermission> WRITES =
      Set.of(
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_WRITE);

  @TempDir private Path directory;

  @Test
  void a_fork_whose_commit_is_refused_once_goes_forward() throws IOException {
    Path home = directory.toRealPath().resolve("home");
    try (OpenHome open = OpenHome.open(home)) {
      Sample sample = Sample.make(open, "box");
      Object disk = Files.getAttribute(open.disk("box"), "unix:ino");

      forkRefused(home, 1);

      checkForward(open, sample, disk);
    }
  }

  @Test
  void a_fork_whose_commit_is_refused_again_and_again_is_left_to_the_next_process()
      throws IOException {
    Path home = directory.toRealPath().resolve("home");
    Sample sample;
    Object disk;
    try (OpenHome open = OpenHome.open(home)) {
      sample = Sample.make(open, "box");
      disk = Files.getAttribute(open.disk("box"), "unix:ino");

      assertThrows(RefusedException.class, () -> forkRefused(home, Integer.MAX_VALUE));

      Intent intent = open.store.read(view -> view.intents().list()).get(0);
      Path base = intent.plannedBase().orElseThrow().path();
      assertEquals(disk, Files.getAttribute(base, "unix:ino"), "the old disk is not the base");
      assertFalse(Files.getPosixFilePermissions(base).stream().anyMatch(WRITES::contains));
      sample.check(open, Operation.FORK);
    }
    try (OpenHome next = OpenHome.open(home)) {
      checkForward(next, sample, disk);
    }
  }

  private static void checkForward(OpenHome open, Sample sample, Object disk) throws IOException {
    sample.check(open, Operation.FORK);
    Audit.checkWhole(open);
    Path newest =
        open.store.read(view -> view.bases().list(BaseFilter.ALL)).get(0).diskInfo().basePath();
    assertEquals(disk, Files.getAttribute(newest, "unix:ino"), "the old disk is not the base");
    open.guests.write(open.disk("box"), 5, 1005);
  }

  /** Forks with a store that refuses the given number of transactions after that of the intent. */
  private static void forkRefused(Path home, int refusals) {
    int[] writes = {0};
    try (BaseDiskStore store = SqliteBaseDiskStore.open(OpenHome.database(home));
        BaseDisks disks =
            BaseDisks.builder().home(home).store(refusing(store, refusals, writes)).open()) {
      // Counts from here, without the writes that open the home.
      writes[0] = 0;
      Operation.FORK.perform(disks, "box");
    }
  }

  private static BaseDiskStore refusing(BaseDiskStore store, int refusals, int[] writes) {
    return (BaseDiskStore)
        Proxy.newProxyInstance(
            BaseDiskStore.class.getClassLoader(),
            new Class<?>[] {BaseDiskStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("write")) {
                writes[0]++;
                if (writes[0] > 1 && writes[0] - 1 <= refusals) {
                  throw new RefusedException("the store refuses");
                }
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
