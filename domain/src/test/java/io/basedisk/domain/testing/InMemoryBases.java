package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DeletingBase;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseRecords;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The bases in an {@link InMemoryTransaction}. */
final class InMemoryBases implements BaseRecords {

  private final InMemoryTransaction transaction;

  InMemoryBases(InMemoryTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public Optional<BaseDisk> find(BaseDiskId id) {
    return Optional.ofNullable(transaction.state().bases.get(id));
  }

  @Override
  public Optional<BaseDisk> findByPath(Path basePath) {
    return bases(base -> base.diskInfo().basePath().equals(basePath)).stream().findFirst();
  }

  @Override
  public Optional<BaseDisk> findByName(BoxId sourceBox, BaseName name) {
    return bases(
            base ->
                base.sourceBoxId().equals(sourceBox)
                    && base.name() != null
                    && name.value().equals(base.name().value()))
        .stream()
        .findFirst();
  }

  @Override
  public ImmutableList<BaseDisk> list(BaseFilter filter) {
    return bases(
        base ->
            (filter.sourceBox() == null || filter.sourceBox().equals(base.sourceBoxId()))
                && (filter.kind() == null || filter.kind() == base.kind()));
  }

  @Override
  public ImmutableList<BaseDisk> listAfter(@Nullable BaseDiskId after, int limit) {
    return transaction.state().bases.values().stream()
        .filter(base -> after == null || base.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(BaseDisk::id))
        .limit(limit)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<BaseDisk> listChildren(BaseDiskId parent) {
    return bases(base -> parent.equals(base.parentId()));
  }

  @Override
  public ImmutableList<BaseDiskId> listChildIds(BaseDiskId parent, int limit) {
    ImmutableList<BaseDiskId> children =
        transaction.state().bases.values().stream()
            .filter(base -> parent.equals(base.parentId()))
            .map(BaseDisk::id)
            .collect(toImmutableList());
    return children.reverse().stream().limit(limit).collect(toImmutableList());
  }

  @Override
  public Optional<BaseFingerprint> findFingerprint(BaseDiskId base) {
    return Optional.ofNullable(transaction.state().fingerprints.get(base));
  }

  @Override
  public void insert(BaseDisk base) {
    transaction.change(
        () -> {
          checkNew(base.id(), base.diskInfo().basePath());
          if (base.name() != null && findByName(base.sourceBoxId(), base.name()).isPresent()) {
            throw new AlreadyExistsException(
                base.sourceBoxId() + " has a base called " + base.name() + " already");
          }
          checkExists(base.parentId());
          return transaction.state().bases.put(base.id(), base);
        });
  }

  @Override
  public boolean delete(BaseDiskId id) {
    return transaction.change(
        () -> {
          checkUnneeded(ImmutableSet.of(id));
          transaction.state().collectPending.remove(id);
          transaction.state().fingerprints.remove(id);
          transaction.layers().forget(ImmutableSet.of(id));
          transaction.state().rootfsEntries.remove(id);
          transaction.state().holds.removeIf(hold -> hold.base().equals(id));
          return transaction.state().bases.remove(id) != null;
        });
  }

  @Override
  public int deleteOf(BoxId sourceBox) {
    return transaction.change(
        () -> {
          Set<BaseDiskId> ids =
              list(new BaseFilter(sourceBox, null)).stream()
                  .map(BaseDisk::id)
                  .collect(Collectors.toSet());
          checkUnneeded(ids);
          transaction.state().collectPending.removeAll(ids);
          transaction.state().fingerprints.keySet().removeAll(ids);
          transaction.layers().forget(ids);
          transaction.state().rootfsEntries.keySet().removeAll(ids);
          transaction.state().holds.removeIf(hold -> ids.contains(hold.base()));
          transaction.state().bases.keySet().removeAll(ids);
          return ids.size();
        });
  }

  @Override
  public void demoteToCloneBase(BaseDiskId id) {
    transaction.change(
        () -> {
          checkExists(id);
          BaseDisk base = transaction.state().bases.get(id);
          Preconditions.checkArgument(base.kind() != BaseDiskKind.ROOTFS, "%s is a rootfs", id);
          return transaction.state().bases.put(id, nameless(base, BaseDiskKind.CLONE_BASE));
        });
  }

  @Override
  public void promoteToSnapshot(BaseDiskId id, BoxId box, SnapshotName name) {
    transaction.change(
        () -> {
          checkExists(id);
          BaseDisk base = transaction.state().bases.get(id);
          Preconditions.checkArgument(
              base.kind() == BaseDiskKind.CLONE_BASE, "%s is no clone base", id);
          if (findByName(box, name).filter(other -> !other.id().equals(id)).isPresent()) {
            throw new AlreadyExistsException(box + " has a base called " + name + " already");
          }
          return transaction
              .state()
              .bases
              .put(
                  id,
                  new BaseDisk(
                      id,
                      box,
                      name,
                      BaseDiskKind.SNAPSHOT,
                      base.diskInfo(),
                      base.parentId(),
                      base.createdAt()));
        });
  }

  @Override
  public void rename(BaseDiskId id, SnapshotName name) {
    transaction.change(
        () -> {
          checkExists(id);
          BaseDisk base = transaction.state().bases.get(id);
          if (findByName(base.sourceBoxId(), name)
              .filter(other -> !other.id().equals(id))
              .isPresent()) {
            throw new AlreadyExistsException(
                base.sourceBoxId() + " has a base called " + name + " already");
          }
          return transaction
              .state()
              .bases
              .put(
                  id,
                  new BaseDisk(
                      id,
                      base.sourceBoxId(),
                      name,
                      base.kind(),
                      base.diskInfo(),
                      base.parentId(),
                      base.createdAt()));
        });
  }

  @Override
  public void putFingerprint(BaseDiskId base, BaseFingerprint fingerprint) {
    transaction.change(
        () -> {
          checkExists(base);
          BaseFingerprint old = transaction.state().fingerprints.get(base);
          if (old != null && !Objects.equals(old.digest(), fingerprint.digest())) {
            transaction.layers().forgetChainIds(base);
            transaction.layers().forget(ImmutableSet.of(base));
          }
          return transaction.state().fingerprints.put(base, fingerprint);
        });
  }

  @Override
  public void putSize(BaseDiskId base, long sizeBytes) {
    transaction.change(
        () -> {
          checkExists(base);
          BaseDisk old = transaction.state().bases.get(base);
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
          return transaction.state().bases.put(base, changed);
        });
  }

  @Override
  public void putParent(BaseDiskId base, BaseDiskId parent) {
    transaction.change(
        () -> {
          checkExists(base);
          checkExists(parent);
          transaction.layers().forgetChainIds(base);
          BaseDisk old = transaction.state().bases.get(base);
          BaseDisk changed =
              new BaseDisk(
                  base,
                  old.sourceBoxId(),
                  old.name(),
                  old.kind(),
                  old.diskInfo(),
                  parent,
                  old.createdAt());
          return transaction.state().bases.put(base, changed);
        });
  }

  private ImmutableList<BaseDisk> bases(Predicate<BaseDisk> filter) {
    return newestFirst(transaction.state().bases.values(), BaseDisk::createdAt, filter);
  }

  static BaseDisk nameless(BaseDisk base, BaseDiskKind kind) {
    return new BaseDisk(
        base.id(),
        base.sourceBoxId(),
        null,
        kind,
        base.diskInfo(),
        base.parentId(),
        base.createdAt());
  }

  void checkNew(BaseDiskId id, Path path) {
    if (transaction.state().bases.containsKey(id) || findByPath(path).isPresent()) {
      throw new AlreadyExistsException("base " + id + " or its file " + path + " exists already");
    }
    for (DeletingBase deleting : transaction.state().deleting.values()) {
      if (deleting.id().equals(id) || deleting.path().equals(path)) {
        throw new AlreadyExistsException(
            "base " + id + " or its file " + path + " is about to be deleted");
      }
    }
  }

  void checkExists(BaseDiskId id) {
    if (id != null && !transaction.state().bases.containsKey(id)) {
      throw new NotFoundException("no base " + id);
    }
  }

  private void checkUnneeded(Set<BaseDiskId> ids) {
    transaction.state().references.values().stream()
        .filter(reference -> ids.contains(reference.base()))
        .forEach(reference -> refuse(reference.base(), "box " + reference.box()));
    transaction.state().bases.values().stream()
        .filter(base -> base.parentId() != null)
        .filter(base -> ids.contains(base.parentId()) && !ids.contains(base.id()))
        .forEach(base -> refuse(base.parentId(), "base " + base.id()));
    transaction.state().deleting.values().stream()
        .filter(base -> base.parentId() != null && ids.contains(base.parentId()))
        .forEach(base -> refuse(base.parentId(), "base " + base.id() + ", which is going"));
    for (Intent intent : transaction.state().intents.values()) {
      intent.bases().stream()
          .filter(ids::contains)
          .forEach(base -> refuse(base, "operation " + intent.id()));
    }
  }

  private static void refuse(BaseDiskId base, String holder) {
    throw new RefusedException("base " + base + " is needed by " + holder);
  }

  static <T> ImmutableList<T> newestFirst(
      Collection<T> inserted, Function<T, Instant> time, Predicate<T> filter) {
    ImmutableList<T> selected = inserted.stream().filter(filter).collect(toImmutableList());
    // The sort is stable: of equal times, the later insertion stays first.
    return selected.reverse().stream()
        .sorted(Comparator.comparing(time).reversed())
        .collect(toImmutableList());
  }
}
