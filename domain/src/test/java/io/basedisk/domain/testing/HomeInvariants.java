package io.basedisk.domain.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.chain.KnownBases;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.FileStatus.FileType;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must be true of a home in which nothing is under way, over any adapters: DESIGN.md's
 * invariants, as far as they can be seen without knowing what the disks should contain.
 *
 * <p>It remembers the bases that it has seen: none may change after that.
 */
public final class HomeInvariants {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final Map<BaseDiskId, BaseFile> seen = new HashMap<>();

  /** The properties of a base's file that a change of it shows in. */
  private record BaseFile(FileIdentity identity, long length, Instant modifiedAt, String digest) {}

  public HomeInvariants(HomeLayout home, BaseDiskStore store, DiskFiles files, DiskImages images) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = new BackingChains(home, files, images);
  }

  /** Lets this know the bases that another one has seen, of the same home. */
  public void knowWhatWasSeenBy(HomeInvariants other) {
    seen.putAll(other.seen);
  }

  /** Checks everything but the bytes of bases that were seen before. */
  public void check() {
    check(ImmutableSet.of());
  }

  /** Checks everything, the bytes of all bases included. */
  public void checkWithContent() {
    check(
        store.read(view -> view.bases().list(BaseFilter.ALL)).stream()
            .map(BaseDisk::id)
            .collect(ImmutableSet.toImmutableSet()));
  }

  /**
   * Checks everything.
   *
   * @param toDigest the bases whose bytes are read as well
   */
  public void check(ImmutableSet<BaseDiskId> toDigest) {
    store.<Boolean>read(
        view -> {
          assertEquals(ImmutableList.of(), view.intents().list(), "intents left");
          assertEquals(ImmutableList.of(), view.pendingDeletes().list(), "deleting rows left");
          Set<Path> expected = new HashSet<>();
          for (BaseDisk base : view.bases().list(BaseFilter.ALL)) {
            if (base.diskInfo().isForeign()) {
              checkForeign(base);
            } else {
              checkFile(base, toDigest.contains(base.id()), expected);
            }
            checkParent(view, base);
            checkNeeded(view, base);
          }
          view.boxes().list().forEach(box -> checkBox(view, box, expected));
          checkReferences(view);
          LoggedRecords.check(view);
          assertEquals(expected, filesInHome(), "files in the home");
          return true;
        });
  }

  /** Returns the names of all that is in the home but the store and the home's own directories. */
  public ImmutableSet<Path> filesInHome() {
    ImmutableSet.Builder<Path> found = ImmutableSet.builder();
    for (Path path : files.list(home.home())) {
      if (path.equals(home.bases()) || path.equals(home.boxes())) {
        addAllBelow(path, found);
      } else if (!ofTheHome().contains(path)) {
        found.add(path);
      }
    }
    return found.build();
  }

  private ImmutableSet<Path> ofTheHome() {
    return ImmutableSet.of(home.db(), home.identityFile(), home.stampFile());
  }

  private void addAllBelow(Path directory, ImmutableSet.Builder<Path> found) {
    for (Path path : files.list(directory)) {
      found.add(path);
      if (files.status(path).orElseThrow().type() == FileType.DIRECTORY) {
        addAllBelow(path, found);
      }
    }
  }

  /** A base is immutable from the moment its record exists. */
  private void checkFile(BaseDisk base, boolean isDigested, Set<Path> expected) {
    Path file = base.diskInfo().basePath();
    expected.add(file);
    assertEquals(home.baseFile(base.id()), file);
    FileStatus status =
        files.status(file).orElseThrow(() -> new AssertionError("no file of base " + base.id()));
    assertEquals(1, status.links(), () -> "names of base " + base.id());
    assertEquals(0, status.mode() & 0222, () -> "write permission of base " + base.id());
    assertEquals(base.diskInfo().sizeBytes(), status.length(), () -> "length of " + base.id());
    BaseFile before = seen.get(base.id());
    boolean isNew = before == null;
    BaseFile now =
        new BaseFile(
            status.identity(),
            status.length(),
            status.modifiedAt(),
            isNew || isDigested ? files.sha256(file, Progress.NONE) : before.digest());
    assertEquals(isNew ? now : before, now, () -> "base " + base.id() + " has changed");
    seen.put(base.id(), now);
  }

  /** A foreign base is outside the home and as it was recorded. */
  private void checkForeign(BaseDisk base) {
    Path file = base.diskInfo().basePath();
    assertFalse(file.startsWith(home.home()), () -> file + ": is in the home");
    FileStatus status =
        files.status(file).orElseThrow(() -> new AssertionError("no file of base " + base.id()));
    assertEquals(base.diskInfo().sizeBytes(), status.length(), () -> "length of " + base.id());
    BaseFile now =
        new BaseFile(
            status.identity(),
            status.length(),
            status.modifiedAt(),
            files.sha256(file, Progress.NONE));
    BaseFile before = seen.put(base.id(), now);
    assertTrue(before == null || before.equals(now), () -> "base " + base.id() + " has changed");
  }

  /**
   * The header agrees with the record. As every base is looked at, it follows that the whole chain
   * of each is there, however long.
   */
  private void checkParent(StoreView view, BaseDisk base) {
    assertEquals(
        Optional.ofNullable(base.parentId()),
        base.diskInfo().format() == ImageFormat.RAW
            ? Optional.empty()
            : chains.nearestBase(base.diskInfo().basePath(), KnownBases.in(view, home)),
        () -> "parent of base " + base.id());
    if (base.parentId() != null) {
      assertTrue(
          view.bases().find(base.parentId()).isPresent(), () -> "no parent of base " + base.id());
    }
  }

  /** Nothing leaks: an unneeded base is gone, or stays while a process has it open. */
  private static void checkNeeded(StoreView view, BaseDisk base) {
    boolean isNeeded =
        base.kind() == BaseDiskKind.SNAPSHOT
            || base.diskInfo().isForeign()
            || (base.kind() == BaseDiskKind.ROOTFS && base.name() != null)
            || view.references().hasDependents(base.id())
            || !view.bases().listChildren(base.id()).isEmpty()
            || !view.holds().listOn(base.id()).isEmpty()
            || view.pendingDeletes().listCollectPending().contains(base.id());
    assertTrue(isNeeded, () -> "base " + base.id() + " leaks");
  }

  /** A disk is a writable file, and backs onto the base that the store records. */
  private void checkBox(StoreView view, Box box, Set<Path> expected) {
    Set<Path> disks = new HashSet<>();
    for (DiskSlot slot : DiskSlot.values()) {
      Path disk = box.disk(slot);
      Optional<FileStatus> status = files.status(disk);
      if (slot == DiskSlot.CONTAINER || status.isPresent()) {
        disks.add(disk);
        assertTrue(status.isPresent(), disk + ": missing");
        assertTrue((status.get().mode() & 0200) != 0, disk + ": read-only");
        assertEquals(
            recorded(view, box, slot),
            chains.nearestBase(disk, KnownBases.in(view, home)),
            disk + ": nearest base");
      } else {
        assertEquals(Optional.empty(), recorded(view, box, slot), disk + ": gone, but recorded");
      }
    }
    if (!box.hasForeignDisks()) {
      assertEquals(
          disks, ImmutableSet.copyOf(files.list(box.disksDir())), () -> "files of box " + box.id());
    }
    home.boxDirectoryOf(box.disksDir())
        .ifPresent(
            directory -> {
              expected.addAll(disks);
              expected.add(box.disksDir());
              expected.add(directory);
            });
  }

  private static void checkReferences(StoreView view) {
    for (Reference reference : view.references().list()) {
      assertTrue(view.boxes().find(reference.box()).isPresent(), () -> "no box of " + reference);
      assertTrue(view.bases().find(reference.base()).isPresent(), () -> "no base of " + reference);
    }
  }

  private static Optional<BaseDiskId> recorded(StoreView view, Box box, DiskSlot slot) {
    return view.references().listOf(box.id()).stream()
        .filter(reference -> reference.slot() == slot)
        .map(Reference::base)
        .findFirst();
  }
}
