package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Preconditions;
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
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One state of an {@link InMemoryBaseDiskStore}, as the work of a transaction sees it. */
class InMemoryView implements StoreView, AutoCloseable {

  private final InMemoryState state;
  private final Thread owner = Thread.currentThread();
  private boolean closed;

  InMemoryView(InMemoryState state) {
    this.state = state;
  }

  @Override
  public Optional<BaseDisk> findBase(BaseDiskId id) {
    return Optional.ofNullable(state().bases.get(id));
  }

  @Override
  public Optional<BaseDisk> findBaseByPath(Path basePath) {
    return bases(base -> base.diskInfo().basePath().equals(basePath)).stream().findFirst();
  }

  @Override
  public Optional<BaseDisk> findBaseByName(BoxId sourceBox, SnapshotName name) {
    return bases(base -> base.sourceBoxId().equals(sourceBox) && name.equals(base.name())).stream()
        .findFirst();
  }

  @Override
  public ImmutableList<BaseDisk> listBases(BaseFilter filter) {
    return bases(
        base ->
            (filter.sourceBox() == null || filter.sourceBox().equals(base.sourceBoxId()))
                && (filter.kind() == null || filter.kind() == base.kind()));
  }

  @Override
  public ImmutableList<BaseDisk> basesAfter(@Nullable BaseDiskId after, int most) {
    return state().bases.values().stream()
        .filter(base -> after == null || base.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(BaseDisk::id))
        .limit(most)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<BaseDiskId> someChildren(BaseDiskId parent, int most) {
    ImmutableList<BaseDiskId> children =
        state().bases.values().stream()
            .filter(base -> parent.equals(base.parentId()))
            .map(BaseDisk::id)
            .collect(toImmutableList());
    return children.reverse().stream().limit(most).collect(toImmutableList());
  }

  @Override
  public ImmutableList<BaseDisk> children(BaseDiskId parent) {
    return bases(base -> parent.equals(base.parentId()));
  }

  @Override
  public Optional<BaseFingerprint> findFingerprint(BaseDiskId base) {
    return Optional.ofNullable(state().fingerprints.get(base));
  }

  @Override
  public Optional<RootfsEntry> findRootfsEntry(BaseDiskId base) {
    return Optional.ofNullable(state().rootfsEntries.get(base));
  }

  @Override
  public Optional<Box> findBox(BoxId id) {
    return Optional.ofNullable(state().boxes.get(id));
  }

  @Override
  public Optional<Box> findBoxByDisksDir(Path disksDir) {
    return state().boxes.values().stream()
        .filter(box -> box.disksDir().equals(disksDir))
        .findFirst();
  }

  @Override
  public ImmutableList<Box> listBoxes() {
    return newestFirst(state().boxes.values(), Box::createdAt, box -> true);
  }

  @Override
  public ImmutableList<Box> boxesAfter(@Nullable BoxId after, int most) {
    return state().boxes.values().stream()
        .filter(box -> after == null || box.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(Box::id))
        .limit(most)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<BoxId> someDependentBoxes(BaseDiskId base, int most) {
    return dependentBoxes(base).stream().limit(most).collect(toImmutableList());
  }

  @Override
  public ImmutableList<Reference> listReferences() {
    return ImmutableList.copyOf(state().references.values());
  }

  @Override
  public ImmutableList<Reference> referencesTo(BaseDiskId base) {
    return references(reference -> reference.base().equals(base));
  }

  @Override
  public ImmutableList<Reference> referencesOf(BoxId box) {
    return references(reference -> reference.box().equals(box));
  }

  @Override
  public Optional<Intent> findIntent(OperationId id) {
    return Optional.ofNullable(state().intents.get(id));
  }

  @Override
  public ImmutableList<Intent> listIntents() {
    return ImmutableList.copyOf(state().intents.values());
  }

  @Override
  public ImmutableList<OperationId> intentsNaming(BaseDiskId base) {
    return state().intents.values().stream()
        .filter(intent -> intent.bases().contains(base))
        .map(Intent::id)
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<BaseDiskId> listCollectPending() {
    return ImmutableList.copyOf(state().collectPending);
  }

  @Override
  public ImmutableList<DeletingBase> listDeleting() {
    return ImmutableList.copyOf(state().deleting.values());
  }

  @Override
  public ImmutableList<DeletingBase> deletingChildren(BaseDiskId parent) {
    return state().deleting.values().stream()
        .filter(base -> parent.equals(base.parentId()))
        .collect(toImmutableList());
  }

  @Override
  public Optional<UnknownUsePolicy> unknownUsePolicy() {
    return Optional.ofNullable(state().unknownUsePolicy);
  }

  @Override
  public Optional<Box> findBoxByDisk(Path disk) {
    return state().boxes.values().stream()
        .filter(box -> box.disks().containsValue(disk))
        .findFirst();
  }

  @Override
  public OptionalLong directoryInode(BoxId box) {
    Long inode = state().directoryInodes.get(box);
    return inode == null ? OptionalLong.empty() : OptionalLong.of(inode);
  }

  @Override
  public ImmutableList<Hold> listHolds() {
    return state().holds.stream()
        .sorted(
            Comparator.comparing(Hold::base)
                .thenComparing(hold -> hold.reason().label())
                .thenComparing(hold -> String.valueOf(hold.path())))
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<Hold> holdsOn(BaseDiskId base) {
    return listHolds().stream().filter(hold -> hold.base().equals(base)).collect(toImmutableList());
  }

  @Override
  public Optional<HomeIdentity> homeIdentity() {
    return Optional.ofNullable(state().identity);
  }

  @Override
  public long writeNumber() {
    return state().writeNumber;
  }

  @Override
  public Optional<Relocation> findRelocation() {
    return Optional.ofNullable(state().relocation);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Returns the state, to the one thread that may see it and while it may. */
  final InMemoryState state() {
    checkUsable();
    return state;
  }

  void checkUsable() {
    Preconditions.checkState(!closed, "the transaction has ended");
    Preconditions.checkState(
        Thread.currentThread() == owner, "the transaction belongs to another thread");
  }

  private ImmutableList<BaseDisk> bases(Predicate<BaseDisk> filter) {
    return newestFirst(state().bases.values(), BaseDisk::createdAt, filter);
  }

  private ImmutableList<Reference> references(Predicate<Reference> filter) {
    return state().references.values().stream().filter(filter).collect(toImmutableList());
  }

  private static <T> ImmutableList<T> newestFirst(
      Collection<T> inserted, Function<T, Instant> time, Predicate<T> filter) {
    ImmutableList<T> selected = inserted.stream().filter(filter).collect(toImmutableList());
    // The sort is stable: of equal times, the later insertion stays first.
    return selected.reverse().stream()
        .sorted(Comparator.comparing(time).reversed())
        .collect(toImmutableList());
  }
}
