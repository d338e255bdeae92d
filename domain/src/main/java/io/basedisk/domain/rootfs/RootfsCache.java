package io.basedisk.domain.rootfs;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.base.BaseInspection;
import io.basedisk.domain.base.NewBases;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.FileSizes;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.disk.RegisteredDisks;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.gc.HeaderSurvey;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Ports;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.protocol.AddRootfsProtocol;
import io.basedisk.domain.protocol.AttachRootfsProtocol;
import io.basedisk.domain.protocol.Collector;
import io.basedisk.domain.protocol.DisksDirectories;
import io.basedisk.domain.protocol.Operations;
import io.basedisk.domain.source.SourceImages;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shared root file systems: bases that belong to no box and are found by a key. Thread-safe.
 *
 * <p>An entry leaves the cache in three ways: by {@link #remove}; by {@link #prune}, which evicts
 * the least recently used entries first; or by superseding, when another content gets its key. A
 * superseded entry has no key, and is deleted once it is unneeded. An entry that a disk or another
 * base needs always stays.
 */
public final class RootfsCache {

  /**
   * An entry of the cache.
   *
   * @param details its base, whose name is the key
   * @param digest the digest of its content, as {@link DiskImages#contentDigest} computes it; null
   *     if it was not computed because the entry was forked from a box
   * @param lastUsedAt when it was added, or last asked for by its key
   */
  public record Entry(BaseDetails details, @Nullable String digest, Instant lastUsedAt) {}

  /**
   * The result of an eviction.
   *
   * @param keys the evicted keys, the least recently used first
   * @param report the bases that were deleted, and why others stayed
   */
  public record Pruned(ImmutableList<SnapshotName> keys, CollectionReport report) {}

  /** Makes the image of a rootfs that is not in the cache. */
  @FunctionalInterface
  public interface Builder {

    /**
     * Makes a qcow2 image. It may back onto a base of this home, by its absolute path, but onto no
     * other file. When this returns, no process may have it open for writing.
     *
     * @param image the path at which to make the image; no file exists there. If this throws or the
     *     process dies, the file is removed.
     */
    void build(Path image);
  }

  /** Signals that an operation is unneeded, because the cache has the entry by now. */
  private static final class AlreadyThere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AlreadyThere() {
      super(null, null, false, false);
    }
  }

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;
  private final Operations operations;
  private final AddRootfsProtocol adding;
  private final AttachRootfsProtocol attaching;
  private final NewBases newBases;
  private final Boxes boxes;
  private final RegisteredDisks disks;
  private final FileSizes fileSizes;
  private final Collector collector;
  private final FreeingSpace freeing;
  private final HeaderSurvey survey;
  private final SourceImages sources;
  private final BaseInspection inspection;
  private final DisksDirectories directories;
  private final Ports ports;

  public RootfsCache(
      Ports ports,
      BackingChains chains,
      Operations operations,
      AddRootfsProtocol adding,
      AttachRootfsProtocol attaching,
      NewBases newBases,
      Boxes boxes,
      Collector collector,
      FreeingSpace freeing) {
    this.store = ports.store();
    this.files = ports.files();
    this.images = ports.images();
    this.chains = chains;
    this.operations = operations;
    this.adding = adding;
    this.attaching = attaching;
    this.newBases = newBases;
    this.boxes = boxes;
    this.disks = new RegisteredDisks(ports);
    this.fileSizes = new FileSizes(ports);
    this.collector = collector;
    this.freeing = freeing;
    this.survey = new HeaderSurvey(ports, chains);
    this.sources = new SourceImages(ports);
    this.inspection = new BaseInspection(ports, chains);
    this.directories = new DisksDirectories(ports.files());
    this.ports = ports;
  }

  // Entries.

  /**
   * Returns the entry of a key; empty if there is none. Does not count as a use of it.
   *
   * @param key the key
   */
  public Optional<Entry> find(SnapshotName key) {
    return store.read(view -> findBase(view, key).map(base -> entryOf(view, base)));
  }

  /** Returns every entry, newest first. Superseded versions are not entries. */
  public ImmutableList<Entry> list() {
    return store.read(
        view ->
            listBases(view).stream()
                .filter(base -> base.name() != null)
                .map(base -> entryOf(view, base))
                .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Adds a copy of an image's content. The copy is flat: it needs neither the image nor its backing
   * files, and only backing files that the source allows are opened. If the key has an entry with
   * the same content, returns it, which counts as a use; an entry with another content is
   * superseded.
   *
   * @param key the key
   * @param source the image
   * @param progress gets the bytes read
   * @throws NotFoundException if there is no such image
   * @throws io.basedisk.domain.error.UnallowedFileException if the image names a file that is not
   *     allowed
   * @throws io.basedisk.domain.error.InvalidImageException if it is not a readable image
   * @throws RefusedException if a process has one of its files open for writing
   * @throws io.basedisk.domain.error.BusyException if another process adds that key, and does not
   *     end before the timeout
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Entry add(SnapshotName key, ImageSource source, Progress progress) {
    Optional<OperationId> made = Optional.empty();
    try (SourceImages.Guarded guarded = sources.open(source)) {
      String digest = images.contentDigest(guarded.image(), progress.pass(0, 2));
      ByteSize size = new ByteSize(guarded.image().virtualSize());
      Optional<Entry> same = use(key, digest);
      if (same.isEmpty()) {
        made =
            make(
                key,
                tx -> requireNotSame(tx, key, digest),
                image -> images.importImage(image, guarded.image(), size, progress.pass(1, 2)),
                image -> digest);
      }
    }
    collector.collectAfter(made.orElse(null), HeaderEvidence::none);
    return require(key);
  }

  /**
   * Returns the entry of a key, which counts as a use. If there is none, builds it. Of all threads
   * and processes that ask for the same key, one builds; the others wait, up to the operations'
   * timeout, and get the result. A builder that fails leaves nothing, and the next caller builds.
   *
   * <p>The entry may be evicted as soon as this returns, unless it is needed, for example by a box
   * that was created on it by its key.
   *
   * @param key the key
   * @param builder makes the image
   * @throws io.basedisk.domain.error.BusyException if another builder does not end before the
   *     timeout
   * @throws io.basedisk.domain.error.InvalidImageException if the built file is not a valid image,
   *     or backs onto a file that is not a base
   * @throws RefusedException if the built file is still open for writing, or has another name,
   *     internal snapshots or bitmaps
   */
  public Entry getOrCreate(SnapshotName key, Builder builder) {
    Optional<Entry> found = use(key, null);
    while (found.isEmpty()) {
      make(
          key,
          tx -> {
            if (findBase(tx, key).isPresent()) {
              throw new AlreadyThere();
            }
          },
          builder::build,
          this::digestOfBuilt);
      found = use(key, null);
    }
    return found.get();
  }

  private String digestOfBuilt(Path image) {
    BaseDiskId parent = chains.nearestBase(image).orElse(null);
    return images.contentDigest(sources.inspectNewBase(image, parent), Progress.NONE);
  }

  /** Makes an entry and returns the operation; empty if {@code check} finds the entry made. */
  @CanIgnoreReturnValue
  private Optional<OperationId> make(
      SnapshotName key,
      Consumer<? super StoreTransaction> check,
      Consumer<Path> maker,
      Function<Path, String> digest) {
    Intent.AddRootfs intent = adding.plan(newBases.unusedId(), key);
    try {
      operations.perform(intent, check, () -> adding.run(intent, maker, digest));
      return Optional.of(intent.id());
    } catch (AlreadyThere e) {
      // Another process made it while this one waited.
      return Optional.empty();
    }
  }

  private void requireNotSame(StoreView view, SnapshotName key, String digest) {
    if (findBase(view, key).filter(base -> digest.equals(digestOf(view, base))).isPresent()) {
      throw new AlreadyThere();
    }
  }

  /**
   * Records a use of a key's entry.
   *
   * @param digest the digest that its content must have; null for any
   * @return the entry; empty if there is none
   */
  private Optional<Entry> use(SnapshotName key, @Nullable String digest) {
    if (find(key).isEmpty()) {
      return Optional.empty();
    }
    return store.write(
        tx ->
            findBase(tx, key)
                .filter(base -> digest == null || digest.equals(digestOf(tx, base)))
                .map(
                    base -> {
                      noteUse(tx, base);
                      return entryOf(tx, base);
                    }));
  }

  // Overlays of entries.

  /**
   * Creates a box in this home whose disk is an empty overlay of an entry. Counts as a use of it.
   *
   * @param box the id of the box
   * @param key the key
   * @param virtualSize as {@link Boxes#createOnBase}
   * @throws NotFoundException if there is no such entry
   * @throws io.basedisk.domain.error.BaseDiskException also as {@link Boxes#createOnBase}
   */
  public BoxDetails createBox(BoxId box, SnapshotName key, @Nullable ByteSize virtualSize) {
    return createBox(box, key, virtualSize, null);
  }

  /**
   * Creates a box as {@link #createBox(BoxId, SnapshotName, ByteSize)} does, and gives the disk to
   * a user.
   *
   * @param box the id of the box
   * @param key the key
   * @param virtualSize as {@link Boxes#createOnBase}
   * @param owner as {@link Boxes#createOnBase(BoxId, BaseDiskId, ByteSize, FileOwner)}
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #createBox(BoxId, SnapshotName,
   *     ByteSize)}
   */
  public BoxDetails createBox(
      BoxId box, SnapshotName key, @Nullable ByteSize virtualSize, @Nullable FileOwner owner) {
    withEntry(
        key, base -> boxes.createOnBase(box, base, virtualSize, owner, tx -> noteUse(tx, base)));
    return boxes.get(box);
  }

  /**
   * Gives a box a guest-rootfs disk: an empty overlay of an entry. Counts as a use of it. The disk
   * gets the owner, group and mode of the box's container disk. A restore or the removal of the box
   * deletes it.
   *
   * @param box the box
   * @param key the key
   * @return the entry's base
   * @throws NotFoundException if there is no such box or entry, or the box's container disk is
   *     missing
   * @throws RefusedException if the container disk is not a regular file with one name
   * @throws AlreadyExistsException if the box has a guest-rootfs disk, which is not replaced
   */
  @CanIgnoreReturnValue
  public BaseDisk attach(BoxId box, SnapshotName key) {
    Attached attached =
        withEntry(
            key, base -> attach(store.read(view -> RegisteredBoxes.require(view, box)), base));
    collector.collectAfter(attached.operation(), HeaderEvidence::none);
    return attached.base();
  }

  /** The base of a new guest-rootfs disk, and the operation that made the disk. */
  private record Attached(BaseDisk base, OperationId operation) {}

  private Attached attach(Box box, BaseDisk base) {
    Path container = box.disk(DiskSlot.CONTAINER);
    Path disk = box.disk(DiskSlot.GUEST_ROOTFS);
    disks.requireDisk(box, DiskSlot.CONTAINER);
    inspection.requireIntact(base.id());
    Intent.AttachRootfs intent =
        attaching.plan(new BoxClaim(box.id(), box.disksDir()), base.id(), disk);
    operations.perform(
        intent,
        tx -> {
          if (!RegisteredBoxes.require(tx, box.id()).disksDir().equals(box.disksDir())) {
            throw new RefusedException("box " + box.id() + " changed during the operation");
          }
          directories.pin(tx, box);
          // Checked after the claims: the files of an interrupted operation are settled by then.
          if (files.status(disk).isPresent()) {
            throw new AlreadyExistsException(disk + ": exists already");
          }
          noteUse(tx, base);
        },
        () -> attaching.run(intent, image -> createOverlay(image, base, container)));
    return new Attached(base, intent.id());
  }

  private void createOverlay(Path image, BaseDisk base, Path attributesFrom) {
    images.createOverlay(
        image,
        base.diskInfo().basePath(),
        ImageFormat.QCOW2,
        new ByteSize(base.diskInfo().containerDiskBytes()));
    files.copyAttributes(attributesFrom, image);
  }

  /** Applies an action to the base of a key. Repeats it if the base was superseded and deleted. */
  @CanIgnoreReturnValue
  private <T> T withEntry(SnapshotName key, Function<BaseDisk, T> action) {
    while (true) {
      BaseDisk base = store.read(view -> requireBase(view, key));
      try {
        return action.apply(base);
      } catch (NotFoundException e) {
        if (store.read(view -> view.bases().find(base.id())).isPresent()) {
          throw e;
        }
      }
    }
  }

  // Removal and eviction.

  /**
   * Removes an unneeded entry, and collects what that frees.
   *
   * @param key the key
   * @throws NotFoundException if there is no such entry
   * @throws RefusedException if the entry is needed; nothing has changed then
   */
  public CollectionReport remove(SnapshotName key) {
    BaseDisk base = store.read(view -> requireBase(view, key));
    try {
      return freeing.run(() -> collector.remove(base.id(), HeaderEvidence.none()));
    } catch (HomeUnusableException unusable) {
      throw unusable;
    } catch (RefusedException needed) {
      throw new RefusedException("rootfs " + key + ": " + needed.getMessage(), needed);
    }
  }

  /**
   * Evicts unneeded entries, the least recently used first, until the files of all rootfs fit a
   * budget, or no more can be evicted. Superseded versions count too. Reads every header first.
   *
   * @param maxBytes the budget, 0 or more
   */
  public Pruned prune(long maxBytes) {
    if (maxBytes < 0) {
      throw new InvalidArgumentException("invalid budget " + maxBytes + ": it is negative");
    }
    return freeing.run(() -> evictDownTo(maxBytes));
  }

  private Pruned evictDownTo(long maxBytes) {
    HeaderEvidence evidence = survey.run();
    evidence.tellOfUnread(ports.listener());
    Eviction eviction = new Eviction(collector.collectPending(() -> evidence));
    Map<BaseDiskId, Long> sizes = new LinkedHashMap<>();
    store
        .read(RootfsCache::listBases)
        .forEach(
            base -> sizes.put(base.id(), fileSizes.allocatedBytes(base.diskInfo().basePath())));
    for (Entry entry : leastRecentlyUsedFirst()) {
      if (sizes.values().stream().mapToLong(Long::longValue).sum() <= maxBytes) {
        break;
      }
      eviction.tryEvict(entry.details().base(), evidence);
      sizes.keySet().removeAll(eviction.collected);
    }
    return eviction.result();
  }

  /** One call of {@link #prune}. */
  private final class Eviction {

    private final ImmutableList.Builder<SnapshotName> keys = ImmutableList.builder();
    private final Set<BaseDiskId> collected = new LinkedHashSet<>();
    private final Map<BaseDiskId, KeepReason> kept = new LinkedHashMap<>();
    private long freedBytes;

    Eviction(CollectionReport before) {
      add(before);
    }

    void tryEvict(BaseDisk base, HeaderEvidence evidence) {
      CollectionReport report;
      try {
        report = collector.remove(base.id(), evidence);
      } catch (RefusedException | NotFoundException staysOrGone) {
        return;
      }
      keys.add(checkNotNull(base.name()));
      add(report);
    }

    private void add(CollectionReport report) {
      collected.addAll(report.collected());
      freedBytes += report.freedBytes();
      kept.putAll(report.kept());
      kept.keySet().removeAll(collected);
    }

    Pruned result() {
      return new Pruned(
          keys.build(),
          new CollectionReport(
              ImmutableList.copyOf(collected), freedBytes, ImmutableMap.copyOf(kept)));
    }
  }

  private ImmutableList<Entry> leastRecentlyUsedFirst() {
    // The sort is stable: of equal times, the entry added first is evicted first.
    return list().reverse().stream()
        .sorted(Comparator.comparing(Entry::lastUsedAt))
        .collect(ImmutableList.toImmutableList());
  }

  // Records of the store.

  private Entry require(SnapshotName key) {
    return find(key).orElseThrow(() -> new NotFoundException("rootfs " + key + " was removed"));
  }

  private static ImmutableList<BaseDisk> listBases(StoreView view) {
    return view.bases().list(new BaseFilter(BoxId.GLOBAL, BaseDiskKind.ROOTFS));
  }

  private static Optional<BaseDisk> findBase(StoreView view, SnapshotName key) {
    return view.bases()
        .findByName(BoxId.GLOBAL, key)
        .filter(base -> base.kind() == BaseDiskKind.ROOTFS);
  }

  private static BaseDisk requireBase(StoreView view, SnapshotName key) {
    return findBase(view, key).orElseThrow(() -> new NotFoundException("no rootfs " + key));
  }

  private static Entry entryOf(StoreView view, BaseDisk base) {
    Optional<RootfsEntry> entry = view.rootfs().find(base.id());
    return new Entry(
        BaseDetails.of(base, view),
        entry.map(RootfsEntry::digest).orElse(null),
        entry.map(RootfsEntry::lastUsedAt).orElse(base.createdAt()));
  }

  private static @Nullable String digestOf(StoreView view, BaseDisk base) {
    return view.rootfs().find(base.id()).map(RootfsEntry::digest).orElse(null);
  }

  private void noteUse(StoreTransaction tx, BaseDisk base) {
    tx.rootfs().put(base.id(), new RootfsEntry(digestOf(tx, base), ports.clock().instant()));
  }
}
