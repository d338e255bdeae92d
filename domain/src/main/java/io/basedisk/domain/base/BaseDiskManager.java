package io.basedisk.domain.base;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.CollectionReport;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.home.FreeingSpace;
import io.basedisk.domain.lineage.BaseDetails;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Collector;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Base disks: makes them of boxes' disks, finds and removes them, and collects unneeded ones.
 * Thread-safe.
 */
@Singleton
public final class BaseDiskManager {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final Provider<MakeBase> makeBase;
  private final Provider<RemoveBase> removeBase;
  private final Collector collector;
  private final FreeingSpace freeing;

  @Inject
  BaseDiskManager(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BackingChains chains,
      Provider<MakeBase> makeBase,
      Provider<RemoveBase> removeBase,
      Collector collector,
      FreeingSpace freeing) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.makeBase = makeBase;
    this.removeBase = removeBase;
    this.collector = collector;
    this.freeing = freeing;
  }

  /**
   * Makes a registered box's container disk an immutable base, and leaves an empty overlay of it at
   * the disk's path. The overlay has the same content and can be used at once.
   *
   * @param box the box
   * @param kind the kind of the new base; a {@code rootfs} has the source box {@link BoxId#GLOBAL},
   *     the other kinds {@code box}
   * @param name the name, unique within the source box; null for none, which makes the id of a
   *     rootfs its key
   * @return the new base
   * @throws NotFoundException if the box is not registered, or its disk is missing
   * @throws RefusedException if the disk is in use, dirty, or otherwise unfit to be forked
   * @throws io.basedisk.domain.error.InterruptedOperationException if the disk is copied, since the
   *     bases are on another file system, and the thread is interrupted
   * @throws io.basedisk.domain.error.InvalidImageException if the disk or its chain is not valid
   * @throws io.basedisk.domain.error.AlreadyExistsException if the name is taken
   */
  public BaseDisk create(BoxId box, BaseDiskKind kind, @Nullable BaseName name) {
    return create(box, kind, name, InternalSnapshots.REFUSE);
  }

  /**
   * Makes a base as {@link #create(BoxId, BaseDiskKind, BaseName)} does, with a choice for
   * snapshots and bitmaps inside the disk's image.
   *
   * @param box the box
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @return the new base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, BaseDiskKind,
   *     BaseName)}
   */
  public BaseDisk create(
      BoxId box, BaseDiskKind kind, @Nullable BaseName name, InternalSnapshots internals) {
    return create(box, kind, name, internals, ImmutableSet.of());
  }

  /**
   * Makes a base as {@link #create(BoxId, BaseDiskKind, BaseName)} does, and records images outside
   * the home that the disk backs onto as foreign bases.
   *
   * @param box the box
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param allowed the files that may become foreign bases; they may be links
   * @return the new base
   * @throws io.basedisk.domain.error.UnallowedFileException if the disk backs onto another file
   * @throws io.basedisk.domain.error.UnknownFormatException if a header does not tell the format of
   *     its backing file
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, BaseDiskKind,
   *     BaseName)}
   */
  public BaseDisk create(
      BoxId box,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      ImmutableSet<Path> allowed) {
    return makeBase.get().fork(box, kind, name, internals, allowed, Progress.NONE);
  }

  /**
   * Makes a base as {@link #create(BoxId, BaseDiskKind, BaseName)} does, of a box whose disks are
   * in {@code disksDir}. Registers the box if it is not yet.
   *
   * @param box the box
   * @param disksDir its disks directory
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @return the new base
   * @throws RefusedException also if the box is registered with another directory, or the directory
   *     is one of this home's own
   * @throws io.basedisk.domain.error.AlreadyExistsException also if the directory is another box's
   */
  public BaseDisk create(BoxId box, Path disksDir, BaseDiskKind kind, @Nullable BaseName name) {
    return create(box, disksDir, kind, name, InternalSnapshots.REFUSE);
  }

  /**
   * Makes a base as {@link #create(BoxId, Path, BaseDiskKind, BaseName)} does, with a choice for
   * snapshots and bitmaps inside the disk's image.
   *
   * @param box the box
   * @param disksDir its disks directory
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @return the new base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, Path, BaseDiskKind,
   *     BaseName)}
   */
  public BaseDisk create(
      BoxId box,
      Path disksDir,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals) {
    return create(box, disksDir, kind, name, internals, ImmutableSet.of());
  }

  /**
   * Makes a base as {@link #create(BoxId, Path, BaseDiskKind, BaseName)} does, and records images
   * outside the home that the box's disks back onto as foreign bases.
   *
   * @param box the box
   * @param disksDir its disks directory
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param allowed the files that may become foreign bases; they may be links
   * @return the new base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, Path, BaseDiskKind,
   *     BaseName)} and {@link #create(BoxId, BaseDiskKind, BaseName, InternalSnapshots, Set)}
   */
  public BaseDisk create(
      BoxId box,
      Path disksDir,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      ImmutableSet<Path> allowed) {
    return makeBase.get().fork(box, disksDir, kind, name, internals, allowed, Progress.NONE);
  }

  /**
   * {@return a base and what needs it; empty if there is no such base}
   *
   * @param id the base
   */
  public Optional<BaseDetails> find(BaseDiskId id) {
    return store.read(view -> view.bases().find(id).map(base -> BaseDetails.of(base, view)));
  }

  /**
   * {@return the bases that match {@code filter}, newest first}
   *
   * @param filter which bases
   */
  public ImmutableList<BaseDetails> list(BaseFilter filter) {
    return store.read(
        view -> BaseDetails.of(view.bases().list(filter), filter.equals(BaseFilter.ALL), view));
  }

  /**
   * Removes an unneeded base of any kind, and collects what that frees. Releases its holds.
   *
   * @param id the base
   * @return what was collected
   * @throws NotFoundException if there is no such base
   * @throws RefusedException if the base is needed, also by the disk of a forgotten box in the home
   */
  public CollectionReport remove(BaseDiskId id) {
    return freeing.run(() -> removeBase.get().run(id));
  }

  /**
   * Checks that several bases can be removed, before the first is removed. Changes nothing.
   *
   * @param ids the bases
   * @return the bases in the order in which they can be removed, each once: before a base, the
   *     bases on it. The removal of one may collect others of them.
   * @throws NotFoundException if one of them does not exist
   * @throws RefusedException if one of them is needed by anything but another of them
   */
  public ImmutableList<BaseDiskId> removalOrder(Collection<BaseDiskId> ids) {
    return removeBase.get().order(ids);
  }

  /**
   * Collects a base if it is unneeded, and what that frees. Otherwise the report says why it stays.
   *
   * @param id the base
   * @return what was collected, and what stays and why
   * @throws NotFoundException if there is no such base
   */
  public CollectionReport tryCollect(BaseDiskId id) {
    return freeing.run(() -> collect(id));
  }

  private CollectionReport collect(BaseDiskId id) {
    store.change(tx -> tx.pendingDeletes().insertCollectPending(id));
    return collector.collectPending(HeaderEvidence::none);
  }

  /**
   * {@return the nearest base below an image, by its headers}
   *
   * @param image the image
   * @throws NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the chain can't be read
   */
  public Optional<Path> findParentBase(Path image) {
    return chains
        .nearestBase(image)
        .map(
            id ->
                store
                    .read(view -> view.bases().find(id))
                    .map(base -> base.diskInfo().basePath())
                    .orElseGet(() -> home.baseFile(id)));
  }

  /**
   * {@return the base that the container disk in {@code disksDir} directly backs onto; empty if
   * there is no such disk, or it has no base}
   *
   * @param disksDir the disks directory
   * @throws io.basedisk.domain.error.InvalidImageException if the disk is not valid
   */
  public Optional<Path> identifyLayer(Path disksDir) {
    Path disk = disksDir.resolve(DiskSlot.CONTAINER.fileName());
    if (files.status(disk).isEmpty()) {
      return Optional.empty();
    }
    return chains.directBacking(disk).filter(home::isInBases);
  }
}
