package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.basedisk.app.BaseDisks;
import io.basedisk.app.DiskFilesProxy;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** An operation that leaves a home as a killed process does. */
final class KilledOperation {

  private KilledOperation() {}

  /** Runs an action and kills it before its first step of that name. */
  static void run(Path home, String step, Consumer<BaseDisks> operation) {
    AtomicBoolean isKilled = new AtomicBoolean();
    DiskFiles files =
        DiskFilesProxy.of(
            (name, path) -> {
              if (name.equals(step)) {
                isKilled.set(true);
              }
              if (isKilled.get()) {
                throw new IllegalStateException("killed before " + name + " of " + path);
              }
            });
    try (BaseDisks disks = BaseDisks.builder().home(home).files(files).open()) {
      assertThrows(IllegalStateException.class, () -> operation.accept(disks));
    }
  }
}
