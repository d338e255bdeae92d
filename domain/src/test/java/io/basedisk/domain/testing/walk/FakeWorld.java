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
import io.basedisk.domain.testing.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A home in memory. */
final class FakeWorld implements World {

  private static final Path ELSEWHERE = Path.of("/srv/vms");

  private Fleet fleet = new Fleet();
  private int openings;

  FakeWorld() {
    fleet.disks.withDirectory(ELSEWHERE);
  }

  @Override
  public HomeLayout home() {
    return Fleet.HOME;
  }

  @Override
  public Path elsewhere() {
    return ELSEWHERE;
  }

  @Override
  public BaseDiskManager bases() {
    return fleet.useCases.bases();
  }

  @Override
  public Boxes boxes() {
    return fleet.useCases.boxes();
  }

  @Override
  public Snapshots snapshots() {
    return fleet.useCases.snapshots();
  }

  @Override
  public Clones clones() {
    return fleet.useCases.clones();
  }

  @Override
  public RootfsCache rootfs() {
    return fleet.useCases.rootfs();
  }

  @Override
  public Compactions compactions() {
    return fleet.useCases.compactions();
  }

  @Override
  public GarbageCollection garbageCollection() {
    return fleet.useCases.garbageCollection();
  }

  @Override
  public Lineage lineage() {
    return fleet.useCases.lineage();
  }

  @Override
  public Space space() {
    return fleet.useCases.space();
  }

  @Override
  public Doctor doctor() {
    return fleet.useCases.doctor();
  }

  @Override
  public void reopen() {
    openings++;
    fleet = fleet.reopened(openings);
    fleet.useCases.recover();
  }

  @Override
  public void sleep(Duration time) {
    fleet.later(time.toSeconds());
  }

  @Override
  public Instant now() {
    return fleet.ports.clock().instant();
  }

  @Override
  public BaseDiskStore store() {
    return fleet.store;
  }

  @Override
  public DiskFiles files() {
    return fleet.disks;
  }

  @Override
  public DiskImages images() {
    return fleet.disks;
  }

  @Override
  public Content read(Path disk) {
    return FakeGuests.read(fleet.disks, disk);
  }

  @Override
  public void write(Path disk, int block, long stamp) {
    FakeGuests.write(fleet.disks, disk, block, stamp);
  }

  @Override
  public void grow(Path disk, ByteSize size) {
    FakeGuests.grow(fleet.disks, disk, size);
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
