package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.base.BaseDiskManager;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.clone.Clones;
import io.basedisk.domain.collect.GarbageCollection;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.lineage.Lineage;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.rebuild.StoreRebuild;
import io.basedisk.domain.rootfs.RootfsCache;
import io.basedisk.domain.snapshot.Snapshots;
import io.basedisk.domain.space.Space;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.FakeImage;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryImageLocks;
import io.basedisk.domain.testing.InMemoryOperationLocks;
import io.basedisk.domain.testing.InMemoryStampFile;
import io.basedisk.domain.testing.SteppedStore;
import io.basedisk.domain.testing.UseCases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A home of a {@link FakeMachine}. */
final class FakeHome implements FragileWorld {

  private final FakeMachine machine;
  private final Path elsewhere;
  private HomeLayout home;
  private InMemoryBaseDiskStore store;
  private InMemoryStampFile stamp;
  private InMemoryOperationLocks locks = new InMemoryOperationLocks();
  private UseCases useCases;
  private Path away;

  private FakeHome(
      FakeMachine machine, Path path, InMemoryBaseDiskStore store, InMemoryStampFile stamp) {
    this.machine = machine;
    this.home = new HomeLayout(path);
    this.store = store;
    this.stamp = stamp;
    this.elsewhere = Path.of("/srv/vms-" + machine.next());
    this.useCases = UseCases.over(ports());
    machine.disks.withDirectory(elsewhere);
  }

  /** Makes an empty home on a machine of its own. */
  static FakeHome make() {
    FakeMachine machine = new FakeMachine();
    FakeHome made =
        new FakeHome(
            machine,
            Path.of("/home/basedisk"),
            new InMemoryBaseDiskStore(),
            new InMemoryStampFile());
    machine
        .disks
        .withDirectory(made.home.bases(), HomeLayout.PASS_THROUGH_MODE)
        .withDirectory(made.home.boxes(), HomeLayout.PASS_THROUGH_MODE)
        .withDirectory(made.home.db(), HomeLayout.PRIVATE_MODE);
    machine.disks.writeBytes(made.home.operationsLock(), new byte[0]);
    machine.disks.sync(ImmutableList.of(made.home.operationsLock(), made.home.db()));
    made.reopen();
    return made;
  }

  private BoundPorts ports() {
    return new BoundPorts(
        home,
        new SteppedStore(store, machine::step),
        stamp,
        machine.disks,
        machine.disks,
        locks,
        new InMemoryImageLocks(machine.disks),
        event -> {},
        () -> machine.now,
        new Random(machine.next()),
        Duration.ZERO);
  }

  // The home, the store, a file.

  @Override
  public FragileWorld copy() {
    Path path = newPath();
    machine.disks.copyTree(home.home(), path);
    return new FakeHome(machine, path, store.copy(), stamp.copy());
  }

  @Override
  public void move() {
    Path path = newPath();
    machine.disks.moveTree(home.home(), path);
    home = new HomeLayout(path);
  }

  private Path newPath() {
    return Path.of("/srv/home-" + machine.next());
  }

  @Override
  public void loseIdentity() {
    machine.disks.remove(home.identityFile());
  }

  @Override
  public void unmount(Path part) {
    away = freePath();
    machine.disks.moveTree(part, away);
    machine.disks.withDirectory(part, HomeLayout.PASS_THROUGH_MODE);
  }

  @Override
  public void mount(Path part) {
    machine.disks.removeTree(part);
    machine.disks.moveTree(away, part);
  }

  @Override
  public void delete() {
    machine.disks.removeTree(home.home());
  }

  @Override
  public void loseStore() {
    store = new InMemoryBaseDiskStore();
  }

  @Override
  public Runnable backUpStore() {
    InMemoryBaseDiskStore copy = store.copy();
    return () -> store = copy.copy();
  }

  @Override
  public void loseStamp() {
    stamp.lose();
  }

  @Override
  public boolean hasStamp() {
    return stamp.read().isPresent();
  }

  @Override
  public Path freePath() {
    return machine.freePath();
  }

  @Override
  public void link(Path link, Path target) {
    machine.disks.symlink(link, target);
  }

  @Override
  public Runnable spoil(Path image) {
    Instant time = machine.disks.status(image).orElseThrow().modifiedAt();
    FakeImage[] before = new FakeImage[1];
    machine.disks.alter(
        image,
        old -> {
          before[0] = old;
          Map<Long, String> clusters = new HashMap<>(old.clusters());
          clusters.put(0L, "7777 7777");
          return new FakeImage(old.header(), ImmutableMap.copyOf(clusters));
        });
    machine.disks.sync(image);
    return () -> {
      machine.disks.alter(image, spoilt -> before[0]);
      machine.disks.setModifiedAt(image, time);
      machine.disks.sync(image);
    };
  }

  @Override
  public Optional<Throwable> interrupt(Interruption how, int steps, Runnable operation) {
    machine.beforeEachStep(new Interrupter(how, steps));
    try {
      operation.run();
      return Optional.empty();
    } catch (RuntimeException | Interrupter.Killed failure) {
      return Optional.of(failure);
    } finally {
      machine.beforeEachStep(step -> {});
      if (how == Interruption.KILL) {
        locks.die();
        useCases = UseCases.over(ports());
      }
    }
  }

  // The remedies.

  @Override
  public Relocated relocate() {
    BoundPorts ports = ports();
    return new HomeRelocation(
            store,
            stamp,
            home,
            ports.files(),
            ports.images(),
            ports.imageLocks(),
            ports.locks(),
            ports.random(),
            new LogWriter(ports.clock()))
        .relocate(Declared.NOTHING);
  }

  @Override
  public void rebuild(ImmutableList<Path> disksDirs) {
    // Time goes on between two rebuilds, whose stores count from the time.
    machine.now = machine.now.plus(Duration.ofHours(1));
    long number = stamp.read().map(StoreStamp::number).orElse(0L);
    number = Math.max(number, store.read(view -> view.home().writeNumber())) + 1;
    number = Math.max(number, machine.now.getEpochSecond());
    InMemoryBaseDiskStore made = new InMemoryBaseDiskStore();
    StoreRebuild rebuild =
        new StoreRebuild(
            home, machine.disks, machine.disks, () -> machine.now, new Random(machine.next()));
    rebuild.fill(made, rebuild.plan(disksDirs), number);
    stamp.write(new StoreStamp(made.read(view -> view.home().writeNumber()), true));
    store = made;
  }

  // The world.

  @Override
  public void reopen() {
    useCases = UseCases.over(ports());
    useCases.recover();
  }

  @Override
  public HomeLayout home() {
    return home;
  }

  @Override
  public Path elsewhere() {
    return elsewhere;
  }

  @Override
  public BaseDiskManager bases() {
    return useCases.bases();
  }

  @Override
  public Boxes boxes() {
    return useCases.boxes();
  }

  @Override
  public Snapshots snapshots() {
    return useCases.snapshots();
  }

  @Override
  public Clones clones() {
    return useCases.clones();
  }

  @Override
  public RootfsCache rootfs() {
    return useCases.rootfs();
  }

  @Override
  public Compactions compactions() {
    return useCases.compactions();
  }

  @Override
  public GarbageCollection garbageCollection() {
    return useCases.garbageCollection();
  }

  @Override
  public Lineage lineage() {
    return useCases.lineage();
  }

  @Override
  public Space space() {
    return useCases.space();
  }

  @Override
  public Doctor doctor() {
    return useCases.doctor();
  }

  @Override
  public void sleep(Duration time) {
    machine.now = machine.now.plus(time);
  }

  @Override
  public Instant now() {
    return machine.now;
  }

  @Override
  public BaseDiskStore store() {
    return store;
  }

  @Override
  public DiskFiles files() {
    return machine.disks;
  }

  @Override
  public DiskImages images() {
    return machine.disks;
  }

  @Override
  public Content read(Path disk) {
    return FakeGuests.read(machine.disks, disk);
  }

  @Override
  public void write(Path disk, int block, long stampOfBlock) {
    FakeGuests.write(machine.disks, disk, block, stampOfBlock);
  }

  @Override
  public void grow(Path disk, ByteSize size) {
    FakeGuests.grow(machine.disks, disk, size);
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
