package io.basedisk.sqlite;

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
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a transaction shows of the database: the look-ups of all groups of tables. */
class SqliteView implements StoreView {

  final BaseRows bases;
  final RootfsRows rootfs;
  final BoxRows boxes;
  final IntentRows intents;
  final DepartureRows departures;
  final HoldRows holds;
  final HomeRow home;
  final RelocationRows relocations;

  SqliteView(Session session) {
    bases = new BaseRows(session);
    rootfs = new RootfsRows(session);
    boxes = new BoxRows(session);
    intents = new IntentRows(session);
    departures = new DepartureRows(session);
    holds = new HoldRows(session);
    home = new HomeRow(session);
    relocations = new RelocationRows(session);
  }

  @Override
  public final Optional<BaseDisk> findBase(BaseDiskId id) {
    return bases.find(id);
  }

  @Override
  public final Optional<BaseDisk> findBaseByPath(Path basePath) {
    return bases.findByPath(basePath);
  }

  @Override
  public final Optional<BaseDisk> findBaseByName(BoxId sourceBox, SnapshotName name) {
    return bases.findByName(sourceBox, name);
  }

  @Override
  public final ImmutableList<BaseDisk> listBases(BaseFilter filter) {
    return bases.list(filter);
  }

  @Override
  public final ImmutableList<BaseDisk> basesAfter(@Nullable BaseDiskId after, int most) {
    return bases.after(after, most);
  }

  @Override
  public final ImmutableList<BaseDiskId> someChildren(BaseDiskId parent, int most) {
    return bases.someChildren(parent, most);
  }

  @Override
  public final ImmutableList<BaseDisk> children(BaseDiskId parent) {
    return bases.children(parent);
  }

  @Override
  public final Optional<BaseFingerprint> findFingerprint(BaseDiskId base) {
    return bases.findFingerprint(base);
  }

  @Override
  public final Optional<RootfsEntry> findRootfsEntry(BaseDiskId base) {
    return rootfs.find(base);
  }

  @Override
  public final Optional<Box> findBox(BoxId id) {
    return boxes.find(id);
  }

  @Override
  public final Optional<Box> findBoxByDisksDir(Path disksDir) {
    return boxes.findByDisksDir(disksDir);
  }

  @Override
  public final Optional<Box> findBoxByDisk(Path disk) {
    return boxes.findByDisk(disk);
  }

  @Override
  public final OptionalLong directoryInode(BoxId box) {
    return boxes.directoryInode(box);
  }

  @Override
  public final ImmutableList<Box> listBoxes() {
    return boxes.list();
  }

  @Override
  public final ImmutableList<Box> boxesAfter(@Nullable BoxId after, int most) {
    return boxes.after(after, most);
  }

  @Override
  public final ImmutableList<BoxId> someDependentBoxes(BaseDiskId base, int most) {
    return boxes.someDependents(base, most);
  }

  @Override
  public final ImmutableList<Reference> listReferences() {
    return boxes.references();
  }

  @Override
  public final ImmutableList<Reference> referencesTo(BaseDiskId base) {
    return boxes.referencesTo(base);
  }

  @Override
  public final ImmutableList<Reference> referencesOf(BoxId box) {
    return boxes.referencesOf(box);
  }

  @Override
  public final Optional<Intent> findIntent(OperationId id) {
    return intents.find(id);
  }

  @Override
  public final ImmutableList<Intent> listIntents() {
    return intents.list();
  }

  @Override
  public final ImmutableList<OperationId> intentsNaming(BaseDiskId base) {
    return intents.naming(base);
  }

  @Override
  public final ImmutableList<BaseDiskId> listCollectPending() {
    return departures.collectPending();
  }

  @Override
  public final ImmutableList<DeletingBase> listDeleting() {
    return departures.deleting();
  }

  @Override
  public final ImmutableList<DeletingBase> deletingChildren(BaseDiskId parent) {
    return departures.deletingChildren(parent);
  }

  @Override
  public final ImmutableList<Hold> listHolds() {
    return holds.list();
  }

  @Override
  public final ImmutableList<Hold> holdsOn(BaseDiskId base) {
    return holds.on(base);
  }

  @Override
  public final Optional<HomeIdentity> homeIdentity() {
    return home.identity();
  }

  @Override
  public final long writeNumber() {
    return home.writeNumber();
  }

  @Override
  public final Optional<Relocation> findRelocation() {
    return relocations.find();
  }

  @Override
  public final Optional<UnknownUsePolicy> unknownUsePolicy() {
    return home.unknownUsePolicy();
  }
}
