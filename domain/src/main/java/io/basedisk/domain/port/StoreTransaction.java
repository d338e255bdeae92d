package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.UnknownUsePolicy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A write transaction: it sees its own changes, and all of them happen or none.
 *
 * <p>The store keeps these rules itself, whatever the caller does. A change that would break one
 * throws, and the transaction is dead then: any later use of it is an {@link
 * IllegalStateException}, and so is its commit.
 *
 * <ul>
 *   <li>What a row names exists: a base's parent, a reference's base and box, an intent's {@link
 *       Intent#bases}, the parent of a deleting row, the base of a collect-pending row. Naming what
 *       does not exist is a {@link io.basedisk.domain.error.NotFoundException}.
 *   <li>A base or box that a row names can't be deleted (a collect-pending row is no obstacle; it
 *       goes with its base): {@link io.basedisk.domain.error.RefusedException}.
 *   <li>Ids, the paths of bases and of deleting rows, the name of a base within its source box, box
 *       names and the paths of their disks are unique (a directory may hold disks of several
 *       boxes): {@link io.basedisk.domain.error.AlreadyExistsException}.
 * </ul>
 */
public interface StoreTransaction extends StoreView {

  // Bases.

  /** Records a base. */
  void insertBase(BaseDisk base);

  /**
   * Deletes the record of a base.
   *
   * @return whether there was one
   * @throws io.basedisk.domain.error.RefusedException if a reference, another base, an intent or a
   *     deleting row names it
   */
  boolean deleteBase(BaseDiskId id);

  /**
   * Deletes the records of all bases that were forked from {@code sourceBox}, whatever their order
   * in each other's chains.
   *
   * @return how many there were
   * @throws io.basedisk.domain.error.RefusedException if one of them is named by a reference, an
   *     intent, a deleting row, or a base that was forked from another box
   */
  int deleteBasesOf(BoxId sourceBox);

  /**
   * Makes a base a nameless {@code clone_base} of the same source box, which is then collected when
   * nothing needs it. Its name is free at once.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   * @throws IllegalArgumentException if it is a rootfs
   */
  void demoteToCloneBase(BaseDiskId id);

  /**
   * Records the fingerprint of a base, in place of any other. It goes with the base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void putFingerprint(BaseDiskId base, BaseFingerprint fingerprint);

  /**
   * Records another length of a base's file.
   *
   * @param sizeBytes its length in bytes, holes included; 0 or more
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void putSize(BaseDiskId base, long sizeBytes);

  /**
   * Takes its key from a rootfs, which is then collected when nothing needs it. The key is free at
   * once. No effect if it has none.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   * @throws IllegalArgumentException if it is no rootfs
   */
  void supersedeRootfs(BaseDiskId id);

  /**
   * Records what the rootfs cache knows of a base, in place of anything else. It goes with the
   * base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void putRootfsEntry(BaseDiskId base, RootfsEntry entry);

  /**
   * Records another parent of a base, or none.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base, or no such parent
   */
  void setParent(BaseDiskId base, @Nullable BaseDiskId parent);

  // Boxes and references.

  /** Registers a box. */
  void insertBox(Box box);

  /**
   * Deletes a box.
   *
   * @return whether there was one
   * @throws io.basedisk.domain.error.RefusedException if a reference names it
   */
  boolean deleteBox(BoxId id);

  /**
   * Records the inode number of a box's disks directory, in place of any other. It goes with the
   * box.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such box
   */
  void putDirectoryInode(BoxId box, long inode);

  /**
   * Makes {@code reference} the one reference of its box and slot, in place of any other. To put
   * the same reference again changes nothing.
   */
  void putReference(Reference reference);

  /** Removes the reference of one disk of a box; no effect if there is none. */
  void removeReference(BoxId box, DiskSlot slot);

  /**
   * Removes all references of a box.
   *
   * @return the bases that they were to, each once, ordered by id
   */
  ImmutableList<BaseDiskId> removeReferencesOf(BoxId box);

  // Intents, and what is on its way out.

  /**
   * Records an intent, which claims its boxes, disk files, and the id, the file and the name of its
   * planned base.
   *
   * @throws io.basedisk.domain.error.BusyException if another intent claims one of these
   * @throws io.basedisk.domain.error.AlreadyExistsException if its planned base is recorded, or
   *     about to be deleted, already
   */
  void insertIntent(Intent intent);

  /** Drops an intent and its claims; no effect if there is none. */
  void removeIntent(OperationId id);

  /** Notes that a base may be unneeded; no effect if that is noted already. */
  void insertCollectPending(BaseDiskId base);

  /** Drops that note; no effect if there is none. */
  void removeCollectPending(BaseDiskId base);

  /** Notes that a base's record is gone and its file is about to go. */
  void insertDeleting(DeletingBase base);

  /** Drops that note; no effect if there is none. */
  void removeDeleting(BaseDiskId id);

  // Holds.

  /**
   * Records a hold; no effect if it is recorded already. It goes with its base.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is no such base
   */
  void insertHold(Hold hold);

  /** Removes a hold; no effect if there is none. */
  void removeHold(Hold hold);

  // The home itself.

  /** Records which home this store belongs to and where it is, in place of anything else. */
  void putHomeIdentity(HomeIdentity identity);

  /**
   * Counts this transaction: its number is one more than the last, and at least {@code least}.
   *
   * @return the number, which {@link #writeNumber} returns from now on
   */
  long countWrite(long least);

  /**
   * Records a relocation.
   *
   * @throws io.basedisk.domain.error.BusyException if another one is recorded
   */
  void insertRelocation(Relocation relocation);

  /** Drops the relocation; no effect if there is none. */
  void removeRelocation();

  /**
   * Replaces {@code from} by {@code to} at the beginning of every recorded path that is {@code
   * from} or below it: of bases, deleting rows, boxes, disks, holds, and in intents. The home's
   * identity and the relocation stay as they are.
   */
  void movePaths(Path from, Path to);

  /**
   * Decides, once for all users of the home. To decide the same again changes nothing.
   *
   * @throws io.basedisk.domain.error.RefusedException if the other was decided
   */
  void decideUnknownUsePolicy(UnknownUsePolicy decision);
}
