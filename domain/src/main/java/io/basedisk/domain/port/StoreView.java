package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.UnknownUsePolicy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One consistent state of the store, to be read within a transaction.
 *
 * <p>Lists of bases and of boxes are newest first and, of equal times, the later insertion first.
 * Each look-up by a key, and each list of what belongs to one base or box, costs time in proportion
 * to its result and not to the size of the store.
 */
public interface StoreView {

  // Bases.

  /** Returns the base with that id. */
  Optional<BaseDisk> findBase(BaseDiskId id);

  /** Returns the base whose file is {@code basePath}, compared as it was recorded. */
  Optional<BaseDisk> findBaseByPath(Path basePath);

  /** Returns the base of that name that was forked from {@code sourceBox}. */
  Optional<BaseDisk> findBaseByName(BoxId sourceBox, SnapshotName name);

  /** Returns the bases that pass {@code filter}. */
  ImmutableList<BaseDisk> listBases(BaseFilter filter);

  /**
   * Returns bases in the order of their ids: a part of a walk through all of them, which need not
   * be in memory at once.
   *
   * @param after the last base of the part before, which need not exist any more; null for the
   *     first part
   * @param most how many, 1 or more; fewer are returned where no more follow
   */
  ImmutableList<BaseDisk> basesAfter(@Nullable BaseDiskId after, int most);

  /** Returns the bases whose recorded parent is {@code parent}. */
  ImmutableList<BaseDisk> children(BaseDiskId parent);

  /**
   * Returns the ids of up to {@code most} (1 or more) of the bases whose recorded parent is {@code
   * parent}, the latest insertions first. However many there are, it costs time for these alone.
   */
  ImmutableList<BaseDiskId> someChildren(BaseDiskId parent, int most);

  /** Returns the fingerprint of a base; empty if none was recorded. */
  Optional<BaseFingerprint> findFingerprint(BaseDiskId base);

  /** Returns what the rootfs cache knows of a base; empty if nothing was recorded. */
  Optional<RootfsEntry> findRootfsEntry(BaseDiskId base);

  // Boxes and references.

  /** Returns the box with that name. */
  Optional<Box> findBox(BoxId id);

  /** Returns the box whose disks directory is {@code disksDir}, compared as it was recorded. */
  Optional<Box> findBoxByDisksDir(Path disksDir);

  /** Returns the box that has the disk {@code disk}, compared as it was recorded. */
  Optional<Box> findBoxByDisk(Path disk);

  /**
   * Returns the inode number of a box's disks directory, as it was recorded at first use; empty if
   * none was, or there is no such box.
   */
  OptionalLong directoryInode(BoxId box);

  /** Returns every box. */
  ImmutableList<Box> listBoxes();

  /**
   * Returns boxes in the order of their names: a part of a walk through all of them, as {@link
   * #basesAfter} is.
   */
  ImmutableList<Box> boxesAfter(@Nullable BoxId after, int most);

  /** Returns every reference, in no particular order. */
  ImmutableList<Reference> listReferences();

  /** Returns the references to {@code base}, ordered by box, then by slot. */
  ImmutableList<Reference> referencesTo(BaseDiskId base);

  /**
   * Returns the first {@code most} (1 or more) of {@link #dependentBoxes}. However many there are,
   * it costs time for these alone.
   */
  ImmutableList<BoxId> someDependentBoxes(BaseDiskId base, int most);

  /** Returns the references of {@code box}, at most one a slot, ordered by slot. */
  ImmutableList<Reference> referencesOf(BoxId box);

  // Intents, and what is on its way out.

  /** Returns the intent with that id. */
  Optional<Intent> findIntent(OperationId id);

  /** Returns every intent, ordered by id. */
  ImmutableList<Intent> listIntents();

  /** Returns the intents that have {@code base} among their {@link Intent#bases}, ordered by id. */
  ImmutableList<OperationId> intentsNaming(BaseDiskId base);

  /** Returns the bases that wait to be collected, ordered by id. */
  ImmutableList<BaseDiskId> listCollectPending();

  /** Returns the bases whose record is gone and whose file is about to go, ordered by id. */
  ImmutableList<DeletingBase> listDeleting();

  /** Returns those of them whose parent was {@code parent}, ordered by id. */
  ImmutableList<DeletingBase> deletingChildren(BaseDiskId parent);

  /** Returns every hold, ordered by base, then by reason, then by path. */
  ImmutableList<Hold> listHolds();

  /** Returns the holds on {@code base}, in that order. */
  ImmutableList<Hold> holdsOn(BaseDiskId base);

  // The home itself.

  /**
   * Returns which home this store belongs to; empty as long as none was recorded. It tells a store
   * that was put into another home, or is used by two.
   */
  Optional<HomeIdentity> homeIdentity();

  /**
   * Returns the number of the last write transaction that was counted, 0 if none was. The number
   * never goes back: it tells an older copy of this store.
   */
  long writeNumber();

  /** Returns the relocation that is under way, or was interrupted. */
  Optional<Relocation> findRelocation();

  /** Returns what was decided; empty if nothing was yet. */
  Optional<UnknownUsePolicy> unknownUsePolicy();

  // What follows from the above.

  /** Returns whether any box references {@code base}. */
  default boolean hasDependents(BaseDiskId base) {
    return !someDependentBoxes(base, 1).isEmpty();
  }

  /** Returns the boxes that reference {@code base}, each once, ordered by name. */
  default ImmutableList<BoxId> dependentBoxes(BaseDiskId base) {
    return referencesTo(base).stream()
        .map(Reference::box)
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }
}
