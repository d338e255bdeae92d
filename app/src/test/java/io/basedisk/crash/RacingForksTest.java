package io.basedisk.crash;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.sqlite.SqliteBaseDiskStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two forks of one disk: the second runs at the worst moment of the first. */
class RacingForksTest {

  @TempDir private Path directory;

  @Test
  void a_fork_whose_disk_another_fork_took_away_is_refused_and_leaves_the_box_usable()
      throws IOException {
    Path home = directory.toRealPath().resolve("home");
    try (OpenHome open = OpenHome.open(home)) {
      Sample sample = Sample.make(open, "box");
      try (BaseDiskStore store = SqliteBaseDiskStore.open(OpenHome.database(home));
          BaseDisks loser =
              BaseDisks.builder()
                  .home(home)
                  .store(beforeFirstWrite(store, () -> Operation.FORK.perform(open.disks, "box")))
                  .open()) {
        assertThrows(RefusedException.class, () -> Operation.FORK.perform(loser, "box"));
      }

      Operation.FORK.perform(open.disks, "box");
      sample.check(open, Operation.FORK);
      Audit.checkWhole(open);
    }
  }

  /**
   * Returns a store that runs an action before its first write: the fork has checked the disk then,
   * but not committed its intent.
   */
  private static BaseDiskStore beforeFirstWrite(BaseDiskStore store, Runnable action) {
    boolean[] done = {false};
    return (BaseDiskStore)
        Proxy.newProxyInstance(
            BaseDiskStore.class.getClassLoader(),
            new Class<?>[] {BaseDiskStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("write") && !done[0]) {
                done[0] = true;
                action.run();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
