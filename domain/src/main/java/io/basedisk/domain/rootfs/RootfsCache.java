package io.basedisk.domain.rootfs;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.base.RemoveBase;
import io.basedisk.domain.box.BoxDetails;
import io.basedisk.domain.box.BoxListing;
import io.basedisk.domain.box.Boxes;
import io.basedisk.domain.box.NewBoxes;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The shared root file systems: bases that belong to no box and are found by a key. Thread-safe.
 *
 * <p>An entry leaves the cache in three ways: by {@link #remove}; by {@link #prune}, which evicts
 * the least recently used entries first; or by superseding, when another content gets its key. A
 * superseded entry has no key, and is deleted once it is unneeded. An entry that a disk or another
 * base needs always stays.
 */
@Singleton
public final class RootfsCache {

  /**
   * An entry of the cache.
   *
   * @param details its base, whose name is the key
   * @param digest the digest of its content, as {@link DiskImages#contentDigest} computes it; null
   *     if it was not computed because the entry was forked from a box
   * @param lastUsedAt when it was added, or last asked for by its key
   * @param origin where the content came from: the absolute path of an image, or the reference of
   *     an artifact; null if it was built, or forked from a box
   */
  public record Entry(
      BaseDetails details, @Nullable String digest, Instant lastUsedAt, @Nullable String origin) {}

  /**
   * The result of an eviction.
   *
   * @param keys the evicted keys, the least recently used first
   * @param report the bases that were deleted, and why others stayed
   */
  public record Pruned(ImmutableList<RootfsKey> keys, CollectionReport report) {}

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

  private final BaseDiskStore store;
  private final RootfsEntries entries;
  private final BoxListing boxes;
  private final Provider<NewBoxes> newBoxes;
  private final Provider<ImportRootfs> importRootfs;
  private final Provider<BuildRootfs> buildRootfs;
  private final Provider<AttachRootfs> attachRootfs;
  private final Provider<PruneRootfs> pruneRootfs;
  private final RemoveBase removeBase;
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
      RemoveBase removeBase,
      FreeingSpace freeing) {
    this.store = store;
    this.entries = entries;
    this.boxes = boxes;
    this.newBoxes = newBoxes;
    this.importRootfs = importRootfs;
    this.buildRootfs = buildRootfs;
    this.attachRootfs = attachRootfs;
    this.pruneRootfs = pruneRootfs;
    this.removeBase = removeBase;
    this.freeing = freeing;
  }

  /**
   * {@return the entry of a key; empty if there is none} Does not count as a use of it.
   *
   * @param key the key
   */
  public Optional<Entry> find(RootfsKey key) {
    return entries.find(key);
  }

  /** {@return every entry, newest first} Superseded versions are not entries. */
  public ImmutableList<Entry> list() {
    return entries.list();
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
   * @return the entry of the key
   * @throws NotFoundException if there is no such image
   * @throws io.basedisk.domain.error.UnallowedFileException if the image names a file that is not
   *     allowed
   * @throws io.basedisk.domain.error.InvalidImageException if it is not a readable image
   * @throws RefusedException if a process has one of its files open for writing
   * @throws io.basedisk.domain.error.BusyException if another process adds that key, and does not
   *     end before the timeout
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   */
  public Entry add(RootfsKey key, ImageSource source, Progress progress) {
    return add(key, source, source.file().toString(), progress);
  }

  /**
   * Adds a copy of an image's content, as {@link #add(RootfsKey, ImageSource, Progress)} does, for
   * an image that was received from another place.
   *
   * @param key the key
   * @param source the image
   * @param origin where the image came from, for people; an entry with the same content keeps its
   *     own
   * @param progress gets the bytes read
   * @return the entry of the key
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #add(RootfsKey, ImageSource,
   *     Progress)}
   */
  public Entry add(RootfsKey key, ImageSource source, String origin, Progress progress) {
    return importRootfs.get().run(key, source, origin, progress);
  }

  /**
   * {@return the entry of a key, which counts as a use} If there is none, builds it. Of all threads
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
  public Entry getOrCreate(RootfsKey key, Builder builder) {
    return buildRootfs.get().run(key, builder);
  }

  /**
   * Creates a box in this home whose disk is an empty overlay of an entry. Counts as a use of it.
   *
   * @param box the id of the box
   * @param key the key
   * @param virtualSize as {@link Boxes#createOnBase}
   * @return the new box
   * @throws NotFoundException if there is no such entry
   * @throws io.basedisk.domain.error.BaseDiskException also as {@link Boxes#createOnBase}
   */
  public BoxDetails createBox(BoxId box, RootfsKey key, @Nullable ByteSize virtualSize) {
    return createBox(box, key, virtualSize, null);
  }

  /**
   * Creates a box as {@link #createBox(BoxId, RootfsKey, ByteSize)} does, and gives the disk to a
   * user.
   *
   * @param box the id of the box
   * @param key the key
   * @param virtualSize as {@link Boxes#createOnBase}
   * @param owner as {@link Boxes#createOnBase(BoxId, BaseDiskId, ByteSize, FileOwner)}
   * @return the new box
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #createBox(BoxId, RootfsKey,
   *     ByteSize)}
   */
  public BoxDetails createBox(
      BoxId box, RootfsKey key, @Nullable ByteSize virtualSize, @Nullable FileOwner owner) {
    NewBoxes made = newBoxes.get();
    entries.withEntry(
        key,
        base -> made.createOnBase(box, base, virtualSize, owner, tx -> entries.noteUse(tx, base)));
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
  public BaseDisk attach(BoxId box, RootfsKey key) {
    return attachRootfs.get().run(box, key);
  }

  /**
   * Removes an unneeded entry, and collects what that frees.
   *
   * @param key the key
   * @return what was collected
   * @throws NotFoundException if there is no such entry
   * @throws RefusedException if the entry is needed; nothing has changed then
   */
  public CollectionReport remove(RootfsKey key) {
    BaseDisk base = store.read(view -> RootfsEntries.requireBase(view, key));
    return nameInRefusal(key, () -> freeing.run(() -> removeBase.run(base.id())));
  }

  /**
   * Checks that {@link #remove} would not refuse one of several entries, before the first is
   * removed. Changes nothing.
   *
   * @param keys their keys
   * @throws NotFoundException if one of the entries does not exist
   * @throws RefusedException if one of them is needed
   */
  public void checkRemoval(Collection<RootfsKey> keys) {
    for (RootfsKey key : keys) {
      BaseDisk base = store.read(view -> RootfsEntries.requireBase(view, key));
      nameInRefusal(key, () -> removeBase.order(ImmutableList.of(base.id())));
    }
  }

  private static <T> T nameInRefusal(RootfsKey key, Supplier<T> work) {
    try {
      return work.get();
    } catch (HomeUnusableException unusable) {
      throw unusable;
    } catch (RefusedException needed) {
      throw needed
          .remedy()
          .map(
              remedy ->
                  new RefusedException(
                      "rootfs " + key + ": " + needed.getMessage(), remedy, needed))
          .orElseGet(
              () -> new RefusedException("rootfs " + key + ": " + needed.getMessage(), needed));
    }
  }

  /**
   * Evicts unneeded entries, the least recently used first, until the files of all rootfs fit a
   * budget, or no more can be evicted. Superseded versions count too. Reads every header first.
   *
   * @param maxBytes the budget, 0 or more
   * @return the evicted keys, and what was collected
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     what was evicted until then stays evicted
   */
  public Pruned prune(long maxBytes) {
    return pruneRootfs.get().run(maxBytes);
  }
}
