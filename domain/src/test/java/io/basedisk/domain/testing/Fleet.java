package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.InternalSnapshots;
import io.basedisk.domain.box.Boxes.ForeignDisks;
import io.basedisk.domain.box.Boxes.SnapshotsOnRemoval;
import io.basedisk.domain.compact.Compactions;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.home.IdentityFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.MaxDepth;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.snapshot.Snapshots;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A home with boxes, in memory: the domain over its fakes, with what a test wants to do to it.
 *
 * <p>{@link #check} holds what must be true of a home whatever was done to it.
 */
public final class Fleet {

  public static final HomeLayout HOME = new HomeLayout(Path.of("/home/basedisk"));

  /** The id of the home that {@link #Fleet()} makes. */
  public static final HomeId HOME_ID = new HomeId("0123456789abcdef0123456789abcdef");

  private static final Path IMAGES = Path.of("/images");
  private static final long VIRTUAL_SIZE = 1L << 30;
  private static final int FIRST_SEED = 1;

  public final InMemoryDisks disks;
  public final InMemoryBaseDiskStore store;
  public final InMemoryStampFile stamp;
  public final InMemoryOperationLocks locks;
  public final InMemoryImageLocks imageLocks;
  public final List<Event> events = new ArrayList<>();
  public final BoundPorts ports;
  public final UseCases useCases;

  private final HomeInvariants invariants;
  private Consumer<String> beforeStep = step -> {};
  private Instant now = Instant.ofEpochSecond(1_700_000_000);

  /** Makes an empty home. */
  public Fleet() {
    this(
        new InMemoryDisks()
            .withDirectory(HOME.bases(), HomeLayout.PASS_THROUGH_MODE)
            .withDirectory(HOME.boxes(), HomeLayout.PASS_THROUGH_MODE)
            .withDirectory(HOME.db(), HomeLayout.PRIVATE_MODE),
        new InMemoryBaseDiskStore());
    new IdentityFile(HOME, disks).write(HOME_ID);
    useCases.recover();
  }

  /** Opens a home that is there already, as a process does that is just started. */
  public Fleet(InMemoryDisks disks, InMemoryBaseDiskStore store) {
    this(disks, store, new InMemoryStampFile());
  }

  /** Opens a home that is there already, with its stamp. */
  public Fleet(InMemoryDisks disks, InMemoryBaseDiskStore store, InMemoryStampFile stamp) {
    this(disks, store, stamp, new InMemoryOperationLocks(), FIRST_SEED);
  }

  private Fleet(
      InMemoryDisks disks,
      InMemoryBaseDiskStore store,
      InMemoryStampFile stamp,
      InMemoryOperationLocks locks,
      int seed) {
    this(disks, store, stamp, locks, seed, UnaryOperator.identity());
  }

  private Fleet(
      InMemoryDisks disks,
      InMemoryBaseDiskStore store,
      InMemoryStampFile stamp,
      InMemoryOperationLocks locks,
      int seed,
      UnaryOperator<BoundPorts> change) {
    this.disks = disks;
    this.store = store;
    this.stamp = stamp;
    this.locks = locks;
    this.imageLocks = new InMemoryImageLocks(disks);
    this.ports =
        change.apply(
            new BoundPorts(
                HOME,
                new SteppedStore(store, step -> beforeStep.accept(step)),
                stamp,
                disks,
                disks,
                locks,
                imageLocks,
                events::add,
                () -> now,
                new Random(seed),
                Duration.ZERO));
    disks.beforeEachStep(step -> beforeStep.accept(step));
    this.useCases = UseCases.over(ports);
    this.invariants = new HomeInvariants(HOME, store, disks, disks);
  }

  /** Returns the same home with other ports in front of it. */
  public Fleet with(UnaryOperator<BoundPorts> change) {
    Fleet changed = new Fleet(disks, store, stamp, locks, FIRST_SEED + 1, change);
    changed.invariants.knowWhatWasSeenBy(invariants);
    return changed;
  }

  /** Returns the same home in the process that is started after this one was killed. */
  public Fleet afterKill() {
    locks.die();
    Fleet next = new Fleet(disks, store.reopen(), stamp, locks, FIRST_SEED + 2);
    next.invariants.knowWhatWasSeenBy(invariants);
    return next;
  }

  /**
   * Returns the same home in a process that opens it later.
   *
   * @param opening which opening of the home it is, counted from 1: another one, other ids
   */
  public Fleet reopened(int opening) {
    Fleet next = new Fleet(disks, store.reopen(), stamp, locks, FIRST_SEED + 2 + opening);
    next.invariants.knowWhatWasSeenBy(invariants);
    next.now = now;
    return next;
  }

  /**
   * Returns the home in one of the states that a power cut may leave of {@code disks}. The stamp,
   * which is never synced, is lost.
   */
  public Fleet afterPowerCut(InMemoryDisks cut, InMemoryBaseDiskStore committed, long state) {
    Fleet next = new Fleet(cut.afterPowerCut(state), committed.copy(), new InMemoryStampFile());
    next.invariants.knowWhatWasSeenBy(invariants);
    return next;
  }

  /** Sets what is called before each step that changes a file or the store; it may throw. */
  public void beforeEachStep(Consumer<String> action) {
    beforeStep = action;
  }

  /** Lets time pass. */
  public Fleet later(long seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  // Short ways to say what tests do.

  public static BoxId box(String name) {
    return BoxId.of(name);
  }

  public static Path disk(String box) {
    return HOME.disksDirectory(box(box)).resolve(DiskSlot.CONTAINER.fileName());
  }

  public void create(String... boxes) {
    for (String box : boxes) {
      useCases.boxes().create(box(box), new ByteSize(VIRTUAL_SIZE));
    }
  }

  public void write(String box, long cluster, String value) {
    disks.guestWrites(disk(box), cluster, value);
  }

  public Map<Long, String> read(String box) {
    return disks.guestReads(disk(box));
  }

  public BaseDisk fork(String box) {
    return useCases.bases().create(box(box), BaseDiskKind.CLONE_BASE, null);
  }

  public BaseDisk snapshot(String box, String name) {
    return useCases.snapshots().create(box(box), new SnapshotName(name));
  }

  public BaseDisk copy(String box, String name) {
    return useCases
        .snapshots()
        .create(box(box), new SnapshotName(name), Snapshots.Mode.COPY, InternalSnapshots.REFUSE);
  }

  public BaseDisk cloneBox(String box, String... names) {
    return useCases
        .clones()
        .cloneBox(
            box(box), Arrays.stream(names).map(BoxId::of).collect(ImmutableList.toImmutableList()))
        .base();
  }

  public Snapshots.Restored restore(String box, String snapshot) {
    return useCases.snapshots().restore(box(box), new SnapshotName(snapshot), null);
  }

  /** Compacts a box whose chain is deeper than that. */
  public Compactions.Outcome compact(String box, int depth) {
    return useCases.compactions().compact(box(box), new MaxDepth(depth), Progress.NONE);
  }

  /** Returns how many backing files the disk of a box has below it. */
  public int depth(String box) {
    return useCases.chains().read(disk(box)).size() - 1;
  }

  public Snapshots.Removed removeSnapshot(String box, String snapshot) {
    return useCases.snapshots().remove(box(box), new SnapshotName(snapshot));
  }

  /**
   * Makes an image somewhere else that holds one thing, and returns how it is named as a source.
   */
  public ImageSource image(String name, String content) {
    Path image = IMAGES.resolve(name);
    disks.makeDisk(image, VIRTUAL_SIZE);
    disks.guestWrites(image, 1, content);
    return ImageSource.qcow2(image);
  }

  public BaseDisk addRootfs(String key, ImageSource source) {
    return useCases.rootfs().add(new RootfsKey(key), source, Progress.NONE).details().base();
  }

  public void createOnRootfs(String box, String key) {
    useCases.rootfs().createBox(box(box), new RootfsKey(key), null);
  }

  public static Path guestRootfs(String box) {
    return HOME.disksDirectory(box(box)).resolve(DiskSlot.GUEST_ROOTFS.fileName());
  }

  /** Gives a box a guest-rootfs disk on a base, as an embedder does that knows both. */
  public void attachGuestRootfs(String box, BaseDisk base) {
    disks.createOverlay(
        guestRootfs(box),
        base.diskInfo().basePath(),
        ImageFormat.QCOW2,
        new ByteSize(base.diskInfo().containerDiskBytes()));
    disks.sync(ImmutableList.of(guestRootfs(box), HOME.disksDirectory(box(box))));
    store.change(
        tx -> tx.references().put(new Reference(base.id(), box(box), DiskSlot.GUEST_ROOTFS)));
  }

  /** Removes a box with its disks, also foreign ones. */
  public ImmutableList<BaseDiskId> remove(String box) {
    return useCases
        .boxes()
        .remove(box(box), SnapshotsOnRemoval.REFUSE, ForeignDisks.DELETE)
        .collected();
  }

  public Optional<BaseDisk> find(BaseDisk base) {
    return store.read(view -> view.bases().find(base.id()));
  }

  public boolean exists(BaseDisk base) {
    return disks.status(base.diskInfo().basePath()).isPresent();
  }

  /** Returns the names of all that is in the home but the store and the home's own directories. */
  public ImmutableSet<Path> files() {
    return invariants.filesInHome();
  }

  /** Returns the operation that was the last to be complete. */
  public OperationId lastOperation() {
    return events.stream()
        .filter(event -> event instanceof Event.Performed)
        .flatMap(event -> event.operation().stream())
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  // What must be true of a home in which nothing is under way.

  /** Checks DESIGN.md's invariants: store, files and headers agree, and every disk reads. */
  public void check() {
    invariants.checkWithContent();
    store.read(view -> view.boxes().list()).stream()
        .flatMap(box -> Arrays.stream(DiskSlot.values()).map(box::disk))
        .filter(disk -> disks.status(disk).isPresent())
        .forEach(disks::guestReads);
  }
}
