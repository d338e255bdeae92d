package io.basedisk.domain.rootfs;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.box.NewBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Collector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Provider;
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

  private final BaseDiskStore store;
  private final RootfsEntries entries;
  private final BoxListing boxes;
  private final Provider<NewBoxes> newBoxes;
  private final Provider<ImportRootfs> importRootfs;
  private final Provider<BuildRootfs> buildRootfs;
  private final Provider<AttachRootfs> attachRootfs;
  private final Provider<PruneRootfs> pruneRootfs;
  private final Collector collector;
  private final FreeingSpace freeing;

  @Inject
  RootfsCache(
      BaseDiskStore store,
      RootfsEntries entries,
      BoxListing boxes,
      Provider<NewBoxes> newBoxes,
      Provider<ImportRootfs> importRootfs,
      Provider<BuildRootfs> buildRootfs,
      Provider<AttachRootfs> attachRootfs,
      Provider<PruneRootfs> pruneRootfs,
      Collector collector,
      FreeingSpace freeing) {
    this.store = store;
    this.entries = entries;
    this.boxes = boxes;
    this.newBoxes = newBoxes;
    this.importRootfs = importRootfs;
    this.buildRootfs = buildRootfs;
    this.attachRootfs = attachRootfs;
    this.pruneRootfs = pruneRootfs;
    this.collector = collector;
    this.freeing = freeing;
  }

  /** Returns the entry of a key. This is no use of it. */
  public Optional<Entry> find(SnapshotName key) {
    return entries.find(key);
  }

  /** Returns every entry, newest first; superseded versions have no key and are none. */
  public ImmutableList<Entry> list() {
    return entries.list();
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
    return importRootfs.get().run(key, source, progress);
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
    return buildRootfs.get().run(key, builder);
  }

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
    NewBoxes made = newBoxes.get();
    entries.withEntry(
        key,
        base -> made.createOnBase(box, base, virtualSize, owner, tx -> entries.noteUse(tx, base)));
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
    return attachRootfs.get().run(box, key);
  }

  /**
   * Removes an entry that nothing needs, and collects what that frees.
   *
   * @throws NotFoundException if there is no such entry
   * @throws RefusedException if anything needs it; nothing has changed then
   */
  public CollectionReport remove(SnapshotName key) {
    BaseDisk base = store.read(view -> RootfsEntries.requireBase(view, key));
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
    return pruneRootfs.get().run(maxBytes);
  }
}
