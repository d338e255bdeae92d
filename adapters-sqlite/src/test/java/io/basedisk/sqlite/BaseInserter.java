package io.basedisk.sqlite;

import io.basedisk.domain.testing.Records;
import java.nio.file.Path;
import java.time.Duration;

/** A process that opens a store and inserts bases, each in a transaction of its own. */
final class BaseInserter {

  static final int BASES = 20;

  /** Longer than the writes of the other processes take, even on a busy machine. */
  private static final Duration LONG = Duration.ofHours(1);

  private BaseInserter() {}

  /** Arguments: the file of the store, and the first three characters of the bases' ids. */
  public static void main(String[] args) {
    try (SqliteBaseDiskStore store = SqliteBaseDiskStore.open(Path.of(args[0]), LONG)) {
      for (int i = 0; i < BASES; i++) {
        String id = String.format("%sx%04d", args[1], i);
        store.change(tx -> tx.bases().insert(Records.base(id).build()));
      }
    }
  }
}
