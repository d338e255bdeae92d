package io.basedisk.domain.testing.walk;

import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.file.Path;

/** The guests of disks in memory. */
final class FakeGuests {

  private FakeGuests() {}

  /** Returns what a guest reads from a whole disk. */
  static Content read(InMemoryDisks disks, Path disk) {
    return Content.of(disks.readHeader(disk).virtualSize(), disks.guestReads(disk));
  }

  /** Writes one block of a disk. */
  static void write(InMemoryDisks disks, Path disk, int block, long stamp) {
    long cluster = Content.clusterOf(block);
    disks.guestWrites(disk, cluster, read(disks, disk).with(block, stamp).cluster(cluster));
  }

  /** Makes a disk larger. */
  static void grow(InMemoryDisks disks, Path disk, ByteSize size) {
    disks.alterHeader(
        disk,
        header ->
            new ImageHeader(
                header.version(),
                size.bytes(),
                header.backing(),
                header.dirty(),
                header.corrupt(),
                header.internalSnapshots(),
                header.persistentBitmaps()));
  }
}
