package io.basedisk.domain.testing.walk;

import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;
import io.basedisk.domain.testing.Content;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A home to walk through, empty at first: its use cases, a second look behind them, and the guests
 * of its disks.
 */
public interface World extends AutoCloseable {

  HomeLayout home();

  /** Returns the real path of an empty directory outside of the home, for disks of embedders. */
  Path elsewhere();

  // The use cases of the home as it is open now.

  BaseDiskManager bases();

  Boxes boxes();

  Snapshots snapshots();

  Clones clones();

  RootfsCache rootfs();

  Compactions compactions();

  GarbageCollection garbageCollection();

  Lineage lineage();

  Space space();

  Doctor doctor();

  /** Closes the home and opens it again, as another process would. */
  void reopen();

  /** Lets time pass for the records: the clock of the home stands still otherwise. */
  void sleep(Duration time);

  /** Returns what time it is for the records. */
  Instant now();

  // What is behind them.

  BaseDiskStore store();

  DiskFiles files();

  DiskImages images();

  // Guests.

  /** Returns what a guest reads from a whole disk. */
  Content read(Path disk);

  /** Writes one block of a disk as its guest would, and flushes it. */
  void write(Path disk, int block, long stamp);

  /** Makes a disk larger, as {@code qemu-img resize} does. */
  void grow(Path disk, ByteSize size);

  @Override
  void close();
}
