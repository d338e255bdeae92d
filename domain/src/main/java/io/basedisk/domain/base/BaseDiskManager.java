package io.basedisk.domain.base;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.NewBases.Wanted;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
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
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.protocol.Collector;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The base disks themselves: makes them of boxes' disks, finds them, removes them, and collects
 * those that nothing needs. Safe for many threads.
 */
@Singleton
public final class BaseDiskManager {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final NewBases newBases;
  private final Collector collector;
  private final FreeingSpace freeing;

  @Inject
  BaseDiskManager(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BackingChains chains,
      NewBases newBases,
      Collector collector,
      FreeingSpace freeing) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.newBases = newBases;
    this.collector = collector;
    this.freeing = freeing;
  }

  /**
   * Makes the container disk of a registered box an immutable base and leaves an empty overlay of
   * it in its place, which reads the same and can be used at once.
   *
   * @param kind why; a {@code rootfs} has the source box {@link BoxId#GLOBAL}, the others {@code
   *     box}
   * @param name unique within the source box; null for none, which makes the id of a rootfs its key
   * @throws NotFoundException if the box is not registered, or its disk is missing
   * @throws RefusedException if the disk is in use or is not to be forked as it is
   * @throws io.basedisk.domain.error.InvalidImageException if the disk or its chain is not valid
   * @throws io.basedisk.domain.error.AlreadyExistsException if the name is taken
   */
  public BaseDisk create(BoxId box, BaseDiskKind kind, @Nullable SnapshotName name) {
    return create(box, kind, name, Internals.REFUSE);
  }

  /**
   * Does the same, and says what becomes of snapshots and bitmaps inside the disk's image.
   *
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, BaseDiskKind,
   *     SnapshotName)}
   */
  public BaseDisk create(
      BoxId box, BaseDiskKind kind, @Nullable SnapshotName name, Internals internals) {
    return create(box, kind, name, internals, ImmutableSet.of());
  }

  /**
   * Does the same, and lets images outside the home that the disk stands on become foreign bases.
   *
   * @param allowed the files that may; they may be links
   * @throws io.basedisk.domain.error.UnallowedFileException if the disk stands on another one
   * @throws io.basedisk.domain.error.UnknownFormatException if a header does not say the format of
   *     its backing file
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, BaseDiskKind,
   *     SnapshotName)}
   */
  public BaseDisk create(
      BoxId box,
      BaseDiskKind kind,
      @Nullable SnapshotName name,
      Internals internals,
      ImmutableSet<Path> allowed) {
    return fork(new Wanted(claimOf(box), kind, name, internals, allowed));
  }

  /** Makes a base of a copy of the container disk of a registered box, which stays as it is. */
  public BaseDisk copy(
      BoxId box, BaseDiskKind kind, @Nullable SnapshotName name, Internals internals) {
    Wanted wanted = new Wanted(claimOf(box), kind, name, internals, ImmutableSet.of());
    NewBases.Made made = newBases.copy(wanted);
    collector.collectAfter(made.operation(), () -> headersOf(wanted));
    return made.base();
  }

  private BoxClaim claimOf(BoxId box) {
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    return new BoxClaim(known.id(), known.disksDir());
  }

  /**
   * Makes a base as {@link #create(BoxId, BaseDiskKind, SnapshotName)} does, of a box with its
   * disks in {@code disksDir}, which is registered with it if it is not yet.
   *
   * @throws RefusedException also if the box is registered with another directory, or the directory
   *     is one of this home's own
   * @throws io.basedisk.domain.error.AlreadyExistsException also if the directory is another box's
   */
  public BaseDisk create(BoxId box, Path disksDir, BaseDiskKind kind, @Nullable SnapshotName name) {
    return create(box, disksDir, kind, name, Internals.REFUSE);
  }

  /**
   * Does the same, and says what becomes of snapshots and bitmaps inside the disk's image.
   *
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, Path, BaseDiskKind,
   *     SnapshotName)}
   */
  public BaseDisk create(
      BoxId box,
      Path disksDir,
      BaseDiskKind kind,
      @Nullable SnapshotName name,
      Internals internals) {
    return create(box, disksDir, kind, name, internals, ImmutableSet.of());
  }

  /**
   * Does the same, and lets images outside the home that the box's disks stand on become foreign
   * bases.
   *
   * @param allowed the files that may; they may be links
   * @throws io.basedisk.domain.error.BaseDiskException as {@link #create(BoxId, Path, BaseDiskKind,
   *     SnapshotName)} and {@link #create(BoxId, BaseDiskKind, SnapshotName, Internals,
   *     ImmutableSet)}
   */
  public BaseDisk create(
      BoxId box,
      Path disksDir,
      BaseDiskKind kind,
      @Nullable SnapshotName name,
      Internals internals,
      ImmutableSet<Path> allowed) {
    Path real = files.realPath(disksDir);
    if (home.isInBases(real) || real.startsWith(home.db())) {
      throw new RefusedException(real + ": is not a directory for the disks of a box");
    }
    return fork(new Wanted(new BoxClaim(box, real), kind, name, internals, allowed));
  }

  private BaseDisk fork(Wanted wanted) {
    NewBases.Made made = newBases.fork(wanted);
    collector.collectAfter(made.operation(), () -> headersOf(wanted));
    return made.base();
  }

  private HeaderEvidence headersOf(Wanted wanted) {
    return HeaderEvidence.read(chains, ImmutableList.of(wanted.disk()));
  }

  /** Returns a base and what needs it. */
  public Optional<BaseDetails> find(BaseDiskId id) {
    return store.read(view -> view.bases().find(id).map(base -> BaseDetails.of(base, view)));
  }

  /** Returns the bases that pass {@code filter}, newest first. */
  public ImmutableList<BaseDetails> list(BaseFilter filter) {
    return store.read(
        view -> BaseDetails.of(view.bases().list(filter), filter.equals(BaseFilter.ALL), view));
  }

  /**
   * Removes a base of any kind that nothing needs, and collects what that frees.
   *
   * @throws NotFoundException if there is no such base
   * @throws RefusedException if anything needs it
   */
  public CollectionReport remove(BaseDiskId id) {
    return freeing.run(() -> collector.remove(id, HeaderEvidence.none()));
  }

  /**
   * Collects a base if nothing needs it, and what that frees in turn; the report says why it stays
   * if it does.
   *
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
   * Returns the nearest base below an image, by its headers.
   *
   * @throws NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the chain can't be followed
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
   * Returns the base that the container disk in {@code disksDir} directly stands on, or empty if
   * there is no such disk or it stands on none.
   *
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
