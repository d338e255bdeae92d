package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.BusyException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.Hold;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.PlannedBase;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A write transaction of an {@link InMemoryBaseDiskStore}, on a state of its own. */
final class InMemoryTransaction extends InMemoryView implements StoreTransaction {

  private RuntimeException failure;

  InMemoryTransaction(InMemoryState state) {
    super(state);
  }

  @Override
  void checkUsable() {
    super.checkUsable();
    if (failure != null) {
      throw new IllegalStateException("the transaction has failed before", failure);
    }
  }

  // Bases.

  @Override
  public void insertBase(BaseDisk base) {
    change(
        () -> {
          checkNew(base.id(), base.diskInfo().basePath());
          if (base.name() != null && findBaseByName(base.sourceBoxId(), base.name()).isPresent()) {
            throw new AlreadyExistsException(
                base.sourceBoxId() + " has a base called " + base.name() + " already");
          }
          checkExists(base.parentId());
          return state().bases.put(base.id(), base);
        });
  }

  @Override
  public boolean deleteBase(BaseDiskId id) {
    return change(
        () -> {
          checkUnneeded(ImmutableSet.of(id));
          state().collectPending.remove(id);
          state().fingerprints.remove(id);
          state().rootfsEntries.remove(id);
          state().holds.removeIf(hold -> hold.base().equals(id));
          return state().bases.remove(id) != null;
        });
  }

  @Override
  public int deleteBasesOf(BoxId sourceBox) {
    return change(
        () -> {
          Set<BaseDiskId> ids =
              listBases(new BaseFilter(sourceBox, null)).stream()
                  .map(BaseDisk::id)
                  .collect(Collectors.toSet());
          checkUnneeded(ids);
          state().collectPending.removeAll(ids);
          state().fingerprints.keySet().removeAll(ids);
          state().rootfsEntries.keySet().removeAll(ids);
          state().holds.removeIf(hold -> ids.contains(hold.base()));
          state().bases.keySet().removeAll(ids);
          return ids.size();
        });
  }

  @Override
  public void demoteToCloneBase(BaseDiskId id) {
    change(
        () -> {
          checkExists(id);
          BaseDisk base = state().bases.get(id);
          Preconditions.checkArgument(base.kind() != BaseDiskKind.ROOTFS, "%s is a rootfs", id);
          return state().bases.put(id, nameless(base, BaseDiskKind.CLONE_BASE));
        });
  }

  @Override
  public void supersedeRootfs(BaseDiskId id) {
    change(
        () -> {
          checkExists(id);
          BaseDisk base = state().bases.get(id);
          Preconditions.checkArgument(base.kind() == BaseDiskKind.ROOTFS, "%s is no rootfs", id);
          return state().bases.put(id, nameless(base, BaseDiskKind.ROOTFS));
        });
  }

  private static BaseDisk nameless(BaseDisk base, BaseDiskKind kind) {
    return new BaseDisk(
        base.id(),
        base.sourceBoxId(),
        null,
        kind,
        base.diskInfo(),
        base.parentId(),
        base.createdAt());
  }

  @Override
  public void putRootfsEntry(BaseDiskId base, RootfsEntry entry) {
    change(
        () -> {
          checkExists(base);
          return state().rootfsEntries.put(base, entry);
        });
  }

  @Override
  public void putFingerprint(BaseDiskId base, BaseFingerprint fingerprint) {
    change(
        () -> {
          checkExists(base);
          return state().fingerprints.put(base, fingerprint);
        });
  }

  @Override
  public void putSize(BaseDiskId base, long sizeBytes) {
    change(
        () -> {
          checkExists(base);
          BaseDisk old = state().bases.get(base);
          DiskInfo info = old.diskInfo();
          BaseDisk changed =
              new BaseDisk(
                  base,
                  old.sourceBoxId(),
                  old.name(),
                  old.kind(),
                  new DiskInfo(
                      info.basePath(),
                      info.format(),
                      info.isForeign(),
                      info.containerDiskBytes(),
                      sizeBytes),
                  old.parentId(),
                  old.createdAt());
          return state().bases.put(base, changed);
        });
  }

  @Override
  public void setParent(BaseDiskId base, BaseDiskId parent) {
    change(
        () -> {
          checkExists(base);
          checkExists(parent);
          BaseDisk old = state().bases.get(base);
          BaseDisk changed =
              new BaseDisk(
                  base,
                  old.sourceBoxId(),
                  old.name(),
                  old.kind(),
                  old.diskInfo(),
                  parent,
                  old.createdAt());
          return state().bases.put(base, changed);
        });
  }

  // Boxes and references.

  @Override
  public void insertBox(Box box) {
    change(
        () -> {
          if (findBox(box.id()).isPresent()) {
            throw new AlreadyExistsException("box " + box.id() + " exists already");
          }
          for (Path disk : box.disks().values()) {
            findBoxByDisk(disk)
                .ifPresent(
                    other -> {
                      throw new AlreadyExistsException(disk + " is a disk of box " + other.id());
                    });
          }
          return state().boxes.put(box.id(), box);
        });
  }

  @Override
  public boolean deleteBox(BoxId id) {
    return change(
        () -> {
          referencesOf(id).stream()
              .findFirst()
              .ifPresent(
                  reference -> {
                    throw new RefusedException(
                        "box " + id + " still stands on base " + reference.base());
                  });
          state().directoryInodes.remove(id);
          return state().boxes.remove(id) != null;
        });
  }

  @Override
  public void putReference(Reference reference) {
    change(
        () -> {
          checkExists(reference.base());
          if (findBox(reference.box()).isEmpty()) {
            throw new NotFoundException("no box " + reference.box());
          }
          return state()
              .references
              .put(new InMemoryState.Seat(reference.box(), reference.slot()), reference);
        });
  }

  @Override
  public void removeReference(BoxId box, DiskSlot slot) {
    change(() -> state().references.remove(new InMemoryState.Seat(box, slot)));
  }

  @Override
  public ImmutableList<BaseDiskId> removeReferencesOf(BoxId box) {
    return change(
        () -> {
          ImmutableList<BaseDiskId> bases =
              referencesOf(box).stream()
                  .map(Reference::base)
                  .distinct()
                  .sorted()
                  .collect(toImmutableList());
          state().references.keySet().removeIf(seat -> seat.box().equals(box));
          return bases;
        });
  }

  // Intents, and what is on its way out.

  @Override
  public void insertIntent(Intent intent) {
    change(
        () -> {
          if (findIntent(intent.id()).isPresent()) {
            throw new AlreadyExistsException("operation " + intent.id() + " exists already");
          }
          checkNothingTwice(intent);
          state().intents.values().forEach(other -> checkNoClaimOf(other, intent));
          intent.plannedBase().ifPresent(planned -> checkNew(planned.id(), planned.path()));
          intent.bases().forEach(this::checkExists);
          return state().intents.put(intent.id(), intent);
        });
  }

  @Override
  public void removeIntent(OperationId id) {
    change(() -> state().intents.remove(id));
  }

  @Override
  public void insertCollectPending(BaseDiskId base) {
    change(
        () -> {
          checkExists(base);
          return state().collectPending.add(base);
        });
  }

  @Override
  public void removeCollectPending(BaseDiskId base) {
    change(() -> state().collectPending.remove(base));
  }

  @Override
  public void insertDeleting(DeletingBase base) {
    change(
        () -> {
          checkNew(base.id(), base.path());
          checkExists(base.parentId());
          return state().deleting.put(base.id(), base);
        });
  }

  @Override
  public void removeDeleting(BaseDiskId id) {
    change(() -> state().deleting.remove(id));
  }

  @Override
  public void decideUnknownUsePolicy(UnknownUsePolicy decision) {
    change(
        () -> {
          UnknownUsePolicy made = state().unknownUsePolicy;
          if (made != null && made != decision) {
            throw new RefusedException("it was decided already to " + made.label());
          }
          state().unknownUsePolicy = decision;
          return decision;
        });
  }

  @Override
  public void putDirectoryInode(BoxId box, long inode) {
    change(
        () -> {
          if (findBox(box).isEmpty()) {
            throw new NotFoundException("no box " + box);
          }
          return state().directoryInodes.put(box, inode);
        });
  }

  @Override
  public void insertHold(Hold hold) {
    change(
        () -> {
          checkExists(hold.base());
          return state().holds.add(hold);
        });
  }

  @Override
  public void removeHold(Hold hold) {
    change(() -> state().holds.remove(hold));
  }

  // The home itself.

  @Override
  public void putHomeIdentity(HomeIdentity identity) {
    change(
        () -> {
          state().identity = identity;
          return identity;
        });
  }

  @Override
  public long countWrite(long least) {
    return change(
        () -> {
          state().writeNumber = Math.max(state().writeNumber + 1, least);
          return state().writeNumber;
        });
  }

  @Override
  public void insertRelocation(Relocation relocation) {
    change(
        () -> {
          if (state().relocation != null) {
            throw new BusyException("the home", state().relocation.operation().value());
          }
          state().relocation = relocation;
          return relocation;
        });
  }

  @Override
  public void removeRelocation() {
    change(
        () -> {
          state().relocation = null;
          return true;
        });
  }

  @Override
  public void movePaths(Path from, Path to) {
    change(
        () -> {
          new MovedPaths(from, to).applyTo(state());
          return true;
        });
  }

  // The rules.

  private <T> T change(Supplier<T> change) {
    checkUsable();
    try {
      return change.get();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void checkNew(BaseDiskId id, Path path) {
    if (state().bases.containsKey(id) || findBaseByPath(path).isPresent()) {
      throw new AlreadyExistsException("base " + id + " or its file " + path + " exists already");
    }
    for (DeletingBase deleting : state().deleting.values()) {
      if (deleting.id().equals(id) || deleting.path().equals(path)) {
        throw new AlreadyExistsException(
            "base " + id + " or its file " + path + " is about to be deleted");
      }
    }
  }

  private void checkExists(BaseDiskId id) {
    if (id != null && !state().bases.containsKey(id)) {
      throw new NotFoundException("no base " + id);
    }
  }

  private void checkUnneeded(Set<BaseDiskId> ids) {
    state().references.values().stream()
        .filter(reference -> ids.contains(reference.base()))
        .forEach(reference -> refuse(reference.base(), "box " + reference.box()));
    state().bases.values().stream()
        .filter(base -> base.parentId() != null)
        .filter(base -> ids.contains(base.parentId()) && !ids.contains(base.id()))
        .forEach(base -> refuse(base.parentId(), "base " + base.id()));
    state().deleting.values().stream()
        .filter(base -> base.parentId() != null && ids.contains(base.parentId()))
        .forEach(base -> refuse(base.parentId(), "base " + base.id() + ", which is going"));
    for (Intent intent : state().intents.values()) {
      intent.bases().stream()
          .filter(ids::contains)
          .forEach(base -> refuse(base, "operation " + intent.id()));
    }
  }

  private static void refuse(BaseDiskId base, String holder) {
    throw new RefusedException("base " + base + " is needed by " + holder);
  }

  private static void checkNothingTwice(Intent intent) {
    if (hasDuplicates(intent.boxes(), BoxClaim::box)
        || hasDuplicates(intent.disks(), DiskClaim::identity)) {
      throw new AlreadyExistsException("operation " + intent.id() + " names a box or disk twice");
    }
  }

  private static <T> boolean hasDuplicates(Collection<T> claims, Function<T, Object> key) {
    return claims.stream().map(key).distinct().count() < claims.size();
  }

  private static void checkNoClaimOf(Intent other, Intent intent) {
    for (BoxClaim claim : intent.boxes()) {
      for (BoxClaim held : other.boxes()) {
        checkFree(claim.box().equals(held.box()), "box " + claim.box(), other);
      }
    }
    for (DiskClaim claim : intent.disks()) {
      for (DiskClaim held : other.disks()) {
        checkFree(claim.identity().equals(held.identity()), "" + claim.path(), other);
      }
    }
    PlannedBase planned = intent.plannedBase().orElse(null);
    PlannedBase held = other.plannedBase().orElse(null);
    if (planned != null && held != null) {
      checkFree(planned.id().equals(held.id()), "base " + planned.id(), other);
      checkFree(Objects.equals(planned.path(), held.path()), "" + planned.path(), other);
      checkFree(
          planned.name() != null
              && planned.name().equals(held.name())
              && planned.sourceBoxId().equals(held.sourceBoxId()),
          "name " + planned.name(),
          other);
    }
  }

  private static void checkFree(boolean claimed, String what, Intent holder) {
    if (claimed) {
      throw new BusyException(what, holder.id().value());
    }
  }
}
