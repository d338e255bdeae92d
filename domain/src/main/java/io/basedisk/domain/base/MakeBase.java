package io.basedisk.domain.base;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.base.NewBases.Wanted;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.disk.RegisteredBoxes;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.gc.HeaderEvidence;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Collector;
import java.nio.file.Path;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Makes bases of boxes' disks, and collects what that frees. Thread-safe. */
public final class MakeBase {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final BackingChains chains;
  private final NewBases newBases;
  private final Collector collector;

  @Inject
  MakeBase(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      BackingChains chains,
      NewBases newBases,
      Collector collector) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.chains = chains;
    this.newBases = newBases;
    this.collector = collector;
  }

  /**
   * Makes a registered box's container disk a base, and leaves an empty overlay at its path.
   *
   * @param box the box
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param allowed the files outside the home that may become foreign bases, if the disk backs onto
   *     them
   * @param progress receives the bytes of the disk's file, if it is copied
   * @return the new base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BaseDiskManager#create}
   */
  public BaseDisk fork(
      BoxId box,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      ImmutableSet<Path> allowed,
      Progress progress) {
    return fork(wanted(box, kind, name, internals, allowed, progress));
  }

  /**
   * Makes a base as the other {@code fork} does, of a box whose disks are in {@code disksDir}.
   * Registers the box if it is not yet.
   *
   * @param box the box
   * @param disksDir its disks directory
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param allowed the files outside the home that may become foreign bases
   * @param progress receives the bytes of the disk's file, if it is copied
   * @return the new base
   * @throws io.basedisk.domain.error.BaseDiskException as {@link BaseDiskManager#create}
   */
  public BaseDisk fork(
      BoxId box,
      Path disksDir,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      ImmutableSet<Path> allowed,
      Progress progress) {
    Path real = files.realPath(disksDir);
    if (home.isInBases(real) || real.startsWith(home.db())) {
      throw new RefusedException(real + ": is not a directory for the disks of a box");
    }
    BoxClaim claim = new BoxClaim(box, real);
    Path disk =
        store
            .read(view -> view.boxes().find(box))
            .filter(known -> known.disksDir().equals(real))
            .map(known -> known.disk(DiskSlot.CONTAINER))
            .orElseGet(() -> claim.disk(DiskSlot.CONTAINER));
    return fork(new Wanted(claim, disk, kind, name, internals, allowed, progress));
  }

  /**
   * Makes a base of a copy of a registered box's container disk, which stays as it is.
   *
   * @param box the box
   * @param kind the kind of the new base
   * @param name the name; null for none
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param progress receives the bytes of the disk's file
   * @return the new base
   */
  public BaseDisk copy(
      BoxId box,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      Progress progress) {
    Wanted wanted = wanted(box, kind, name, internals, ImmutableSet.of(), progress);
    NewBases.Made made = newBases.copy(wanted);
    collector.collectAfter(new Cause(Operation.COPY, made.operation()), () -> headersOf(wanted));
    return made.base();
  }

  /**
   * Makes a clone base of a copy of a registered box's container disk, which stays as it is. The
   * next collection deletes the base, unless an intent keeps it by then.
   *
   * @param box the box
   * @param internals what to do if the disk has internal snapshots or bitmaps
   * @param progress receives the bytes of the disk's file
   * @return the new base
   */
  public BaseDisk copyForNow(BoxId box, InternalSnapshots internals, Progress progress) {
    // No collection: it would delete the copy.
    return newBases
        .copy(wanted(box, BaseDiskKind.CLONE_BASE, null, internals, ImmutableSet.of(), progress))
        .base();
  }

  private BaseDisk fork(Wanted wanted) {
    NewBases.Made made = newBases.fork(wanted);
    collector.collectAfter(new Cause(Operation.FORK, made.operation()), () -> headersOf(wanted));
    return made.base();
  }

  private Wanted wanted(
      BoxId box,
      BaseDiskKind kind,
      @Nullable BaseName name,
      InternalSnapshots internals,
      ImmutableSet<Path> allowed,
      Progress progress) {
    Box known = store.read(view -> RegisteredBoxes.require(view, box));
    return new Wanted(
        new BoxClaim(known.id(), known.disksDir()),
        known.disk(DiskSlot.CONTAINER),
        kind,
        name,
        internals,
        allowed,
        progress);
  }

  private HeaderEvidence headersOf(Wanted wanted) {
    return HeaderEvidence.read(chains, ImmutableList.of(wanted.disk()));
  }
}
