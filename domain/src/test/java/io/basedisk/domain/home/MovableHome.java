package io.basedisk.domain.home;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static io.basedisk.domain.testing.Fleet.HOME;
import static io.basedisk.domain.testing.Fleet.box;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.home.HomeRelocation.Declared;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.testing.BoundPorts;
import io.basedisk.domain.testing.Fleet;
import io.basedisk.domain.testing.HomeInvariants;
import io.basedisk.domain.testing.InMemoryBaseDiskStore;
import io.basedisk.domain.testing.InMemoryDisks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A home with boxes inside and a box outside, which a test moves or copies. At first, the fleet's
 * store belongs to the home at its old path.
 */
final class MovableHome {

  static final Path OLD = HOME.home();
  static final Path NEW = Path.of("/srv/fleet");
  static final Path OUTSIDE = Path.of("/mnt/vm/disk.qcow2");
  static final HomeId ID = new HomeId("0123456789abcdef0123456789abcdef");

  final Fleet fleet;
  final InMemoryDisks disks;
  final InMemoryBaseDiskStore store;

  private MovableHome(Fleet fleet) {
    this.fleet = fleet;
    this.disks = fleet.disks;
    this.store = fleet.store;
  }

  /** Returns a home at its old path, with the id that opening it gave it. */
  static MovableHome make() {
    MovableHome home = landed();
    new IdentityFile(HOME, home.disks).write(ID);
    new BaseDescriptions(HOME, home.disks).write(ID, ID, home.store.read(RecordedHome::read));
    home.recordAt(OLD);
    return home;
  }

  /** Returns a home of a version without ids. */
  static MovableHome landed() {
    Fleet fleet = new Fleet();
    fleet.disks.withDirectory(NEW.getParent());
    fleet.disks.writeBytes(HOME.operationsLock(), new byte[0]);
    fleet.disks.sync(ImmutableList.of(HOME.operationsLock(), HOME.db()));
    fleet.disks.mount(Path.of("/mnt"));
    fleet.disks.makeDisk(OUTSIDE, 1 << 20);
    fleet.disks.guestWrites(OUTSIDE, 1, "outside");
    fleet.create("a", "c");
    fleet.write("a", 1, "of a");
    fleet.snapshot("a", "old");
    fleet.write("a", 2, "more of a");
    fleet.cloneBox("a", "b");
    fleet.write("c", 1, "of c");
    fleet.fork("c");
    fleet.useCases.bases().create(box("vm"), OUTSIDE.getParent(), BaseDiskKind.CLONE_BASE, null);
    fleet.disks.guestWrites(OUTSIDE, 2, "more outside");
    fleet.check();
    return new MovableHome(fleet);
  }

  /** Moves the home; returns the same. */
  MovableHome move() {
    disks.moveTree(OLD, NEW);
    return this;
  }

  /** Copies the home. From then on this object is the copy; the original has the same files. */
  MovableHome copy() {
    disks.copyTree(OLD, NEW);
    return this;
  }

  /** Records that the home is at {@code path}, as opening it there does. */
  private void recordAt(Path path) {
    store.change(
        tx ->
            tx.home()
                .putIdentity(
                    new HomeIdentity(ID, path, disks.status(path).orElseThrow().identity())));
  }

  Relocated relocate(Declared declared) {
    return relocation(NEW).relocate(declared);
  }

  Relocated relocate() {
    return relocate(Declared.NOTHING);
  }

  HomeRelocation relocation(Path home) {
    return relocation(home, UnaryOperator.identity());
  }

  HomeRelocation relocation(Path home, UnaryOperator<BoundPorts> change) {
    BoundPorts ports = change.apply(fleet.ports);
    return new HomeRelocation(
        ports.store(),
        ports.stamp(),
        new HomeLayout(home),
        ports.files(),
        ports.images(),
        ports.imageLocks(),
        ports.locks(),
        new Random(7),
        new LogWriter(ports.clock()));
  }

  /** Returns the same home after its processes were killed. */
  MovableHome afterKill() {
    return new MovableHome(fleet.afterKill());
  }

  /** Returns the home in one of the states that a power cut may leave. */
  MovableHome afterPowerCut(InMemoryDisks cut, InMemoryBaseDiskStore committed, long state) {
    return new MovableHome(fleet.afterPowerCut(cut, committed, state));
  }

  static Path disk(Path home, String box) {
    return new HomeLayout(home).disksDirectory(box(box)).resolve("disk.qcow2");
  }

  /** Returns what the guests of the boxes in a home read, by box. */
  Map<String, Map<Long, String>> reads(Path home) {
    Map<String, Map<Long, String>> reads = new TreeMap<>();
    for (String box : Arrays.asList("a", "b", "c")) {
      reads.put(box, disks.guestReads(disk(home, box)));
    }
    return reads;
  }

  /** Returns the canonical digests of the bases in a home, by file name. */
  Map<String, String> digests(Path home) {
    Map<String, String> digests = new TreeMap<>();
    for (Path base : disks.list(new HomeLayout(home).bases())) {
      digests.put(base.getFileName().toString(), disks.digest(base, Progress.NONE));
    }
    return digests;
  }

  /** Checks every invariant of a home that is at the path in its store. */
  void checkIsAt(Path home) {
    HomeLayout layout = new HomeLayout(home);
    HomeIdentity identity = store.read(view -> view.home().findIdentity()).orElseThrow();
    assertEquals(home, identity.path());
    assertEquals(disks.status(home).orElseThrow().identity(), identity.directory());
    assertEquals(Optional.of(identity.id()), new IdentityFile(layout, disks).read());
    assertEquals(Optional.empty(), store.read(view -> view.home().findRelocation()));
    new HomeInvariants(layout, store, disks, disks).check();
    assertEquals(recordedTimes(), times(layout), "the times of the bases");
    for (BaseDisk base : store.read(view -> view.bases().list(BaseFilter.ALL))) {
      assertEquals(
          Optional.of(identity.id()),
          disks.description(base.diskInfo().basePath()).map(described -> described.home()));
    }
  }

  private Map<Object, Object> recordedTimes() {
    return store.read(
        view ->
            view.bases().list(BaseFilter.ALL).stream()
                .collect(
                    toImmutableMap(
                        BaseDisk::id,
                        base ->
                            view.bases().findFingerprint(base.id()).orElseThrow().modifiedAt())));
  }

  private Map<Object, Object> times(HomeLayout home) {
    ImmutableMap.Builder<Object, Object> times = ImmutableMap.builder();
    for (BaseDisk base : store.read(view -> view.bases().list(BaseFilter.ALL))) {
      FileStatus status = disks.status(home.baseFile(base.id())).orElseThrow();
      times.put(base.id(), status.modifiedAt());
    }
    return times.buildOrThrow();
  }

  /** Returns the names and versions of all files, to check that nothing has changed. */
  ImmutableSet<String> everything() {
    ImmutableSet.Builder<String> all = ImmutableSet.builder();
    for (Path path : disks.list()) {
      FileStatus status = disks.status(path).orElseThrow();
      all.add(
          path + " " + status + (status.isRegularFile() ? disks.sha256(path, Progress.NONE) : ""));
    }
    all.add(String.valueOf(store.<Object>read(RecordedHome::read)));
    return all.build();
  }
}
