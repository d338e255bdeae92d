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
import io.basedisk.domain.port.EventListener;
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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The shared root file systems: bases that belong to no box, each found by a key. Safe for many
 * threads.
 *
 * <p>An entry leaves by {@link #remove}; by {@link #prune}, which takes those first that were not
 * used for the longest time; or when another content gets its key: then it has none any more and
 * goes as soon as nothing needs it. One that a disk or another base needs stays in any case.
 */
@Singleton
public final class RootfsCache {

  /**
   * An entry of the cache.
   *
   * @param details its base, whose name is the key
   * @param digest the digest of its content, as {@link DiskImages#contentDigest} computes it; null
   *     where nobody had it computed, since it was forked from a box
   * @param lastUsedAt when it was added, or last asked for by its key
   */
  public record Entry(BaseDetails details, @Nullable String digest, Instant lastUsedAt) {}

  /**
   * What an eviction took.
   *
   * @param keys the keys that are gone, the one first that was not used for the longest time
   * @param report the bases that went with them, and why others stayed
   */
  public record Pruned(ImmutableList<SnapshotName> keys, CollectionReport report) {}

  /** Makes the image of a rootfs that is not in the cache. */
  @FunctionalInterface
  public interface Builder {

    /**
     * Makes a qcow2 image. It may back onto a base of this home, by its absolute path, and onto no
     * other file; when this returns, nobody may have it open for writing.
     *
     * @param image where to make it: nothing is there. Whatever is there when this throws, or its
     *     process dies, is removed.
     */
    void build(Path image);
  }

  /** Says that an operation is needless, since the cache holds by now what it was to add. */
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
  private final EventListener listener;
  private final InstantSource clock;

  @Inject
  RootfsCache(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      RegisteredDisks disks,
      FileSizes fileSizes,
      HeaderSurvey survey,
      SourceImages sources,
      BaseInspection inspection,
      DisksDirectories directories,
      EventListener listener,
      InstantSource clock,
      BackingChains chains,
      Operations operations,
      AddRootfsProtocol adding,
      AttachRootfsProtocol attaching,
      NewBases newBases,
      Boxes boxes,
      Collector collector,
      FreeingSpace freeing) {
    this.store = store;
    this.files = files;
    this.images = images;
    this.chains = chains;
    this.operations = operations;
    this.adding = adding;
    this.attaching = attaching;
    this.newBases = newBases;
    this.boxes = boxes;
    this.disks = disks;
    this.fileSizes = fileSizes;
    this.collector = collector;
    this.freeing = freeing;
    this.survey = survey;
    this.sources = sources;
    this.inspection = inspection;
    this.directories = directories;
    this.listener = listener;
    this.clock = clock;
  }

  // Entries.

  /** Returns the entry of a key. This is no use of it. */
  public Optional<Entry> find(SnapshotName key) {
    return store.read(view -> findBase(view, key).map(base -> entryOf(view, base)));
  }

  /** Returns every entry, newest first; superseded versions have no key and are none. */
  public ImmutableList<Entry> list() {
    return store.read(
        view ->
            listBases(view).stream()
                .filter(base -> base.name() != null)
                .map(base -> entryOf(view, base))
                .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Adds a copy of what an image contains: flat, so that it needs neither the image nor its backing
   * files, of which only such are opened as the source allows. If the key has an entry with the
   * same content, that is returned and this was a use of it; one with another content is
   * superseded.
   *
   * @throws NotFoundException if there is no such image
   * @throws io.basedisk.domain.error.UnallowedFileException if it names a file that is not allowed
   * @throws io.basedisk.domain.error.InvalidImageException if it is no image that can be read
   * @throws RefusedException if somebody writes to one of its files
   * @throws io.basedisk.domain.error.BusyException if somebody else adds that key, and does not end
   *     in time
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
   * Returns the entry of a key, which this is a use of; if there is none, has it built first. One
   * builder runs at a time, however many threads and processes ask for the same key; the others
   * wait for it as long as operations wait for each other, and then get what it built. One that
   * fails leaves nothing, and the next that asks builds.
   *
   * <p>The entry may be evicted as soon as this returns, unless something needs it: a box that is
   * made on it by its key, say.
   *
   * @throws io.basedisk.domain.error.BusyException if another builder does not end in time
   * @throws io.basedisk.domain.error.InvalidImageException if what was built is no valid image, or
   *     backs onto something that is no base
   * @throws RefusedException if what was built is still open for writing, has another name,
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

  /** Makes an entry and returns the operation, or empty if {@code check} finds it made. */
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
   * Notes a use of the entry of a key, if there is one.
   *
   * @param digest what its content must be; null for any
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

  // What stands on them.

  /**
   * Creates a box, in this home, whose disk is an empty overlay of an entry, which this is a use
   * of.
   *
   * @param virtualSize as {@link Boxes#createOnBase}
   * @throws NotFoundException if there is no such entry
   * @throws io.basedisk.domain.error.BaseDiskException also as {@link Boxes#createOnBase}
   */
  public BoxDetails createBox(BoxId box, SnapshotName key, @Nullable ByteSize virtualSize) {
    return createBox(box, key, virtualSize, null);
  }

  /**
   * Does the same, and gives the disk to a user.
   *
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
   * Gives a box a guest-rootfs disk: an empty overlay of an entry, which this is a use of. It gets
   * owner, group and mode of the box's container disk. A restore of the box drops it, and the
   * removal of the box does.
   *
   * @return the entry's base
   * @throws NotFoundException if there is no such box or entry, or the box's container disk is
   *     missing
   * @throws RefusedException if the container disk is not a regular file of one name
   * @throws AlreadyExistsException if the box has a guest-rootfs disk: it is not replaced
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
            throw new RefusedException("box " + box.id() + " was changed meanwhile");
          }
          directories.pin(tx, box);
          // Within the claims: what a dead operation left there is settled by now.
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

  /**
   * Does something with the base of a key, and again if it was superseded and is gone meanwhile.
   */
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

  // How they leave.

  /**
   * Removes an entry that nothing needs, and collects what that frees.
   *
   * @throws NotFoundException if there is no such entry
   * @throws RefusedException if anything needs it; nothing has changed then
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
   * Evicts entries that nothing needs, those first that were not used for the longest time, until
   * the files of all rootfs occupy no more than a budget, or none is left that may go. Superseded
   * versions count too. Every header is read first.
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
    evidence.reportUnread(listener);
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

  /** What one call of {@link #prune} has done so far. */
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
    // The sort is stable: of equal times, the one that was added first goes first.
    return list().reverse().stream()
        .sorted(Comparator.comparing(Entry::lastUsedAt))
        .collect(ImmutableList.toImmutableList());
  }

  // What the store has.

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
    tx.rootfs().put(base.id(), new RootfsEntry(digestOf(tx, base), clock.instant()));
  }
}
