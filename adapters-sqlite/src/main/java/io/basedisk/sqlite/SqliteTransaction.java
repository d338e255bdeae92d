package io.basedisk.sqlite;

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
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a write transaction does to the database: the changes of all groups of tables.
 *
 * <p>Each change is left to the constraints of the schema, which decide whether it may be. Only
 * when one says no are there further queries, to find out what to say to the caller.
 */
final class SqliteTransaction extends SqliteView implements StoreTransaction {

  private final Session session;

  SqliteTransaction(Session session) {
    super(session);
    this.session = session;
  }

  @Override
  public void insertBase(BaseDisk base) {
    change(() -> bases.insert(base));
  }

  @Override
  public boolean deleteBase(BaseDiskId id) {
    return session.change(() -> bases.delete(id));
  }

  @Override
  public int deleteBasesOf(BoxId sourceBox) {
    return session.change(() -> bases.deleteOf(sourceBox));
  }

  @Override
  public void demoteToCloneBase(BaseDiskId id) {
    change(() -> bases.demoteToCloneBase(id));
  }

  @Override
  public void putFingerprint(BaseDiskId base, BaseFingerprint fingerprint) {
    change(() -> bases.putFingerprint(base, fingerprint));
  }

  @Override
  public void putSize(BaseDiskId base, long sizeBytes) {
    change(() -> bases.putSize(base, sizeBytes));
  }

  @Override
  public void supersedeRootfs(BaseDiskId id) {
    change(() -> bases.supersedeRootfs(id));
  }

  @Override
  public void putRootfsEntry(BaseDiskId base, RootfsEntry entry) {
    change(() -> rootfs.put(base, entry));
  }

  @Override
  public void setParent(BaseDiskId base, @Nullable BaseDiskId parent) {
    change(() -> bases.setParent(base, parent));
  }

  @Override
  public void insertBox(Box box) {
    change(() -> boxes.insert(box));
  }

  @Override
  public boolean deleteBox(BoxId id) {
    return session.change(() -> boxes.delete(id));
  }

  @Override
  public void putDirectoryInode(BoxId box, long inode) {
    change(() -> boxes.putDirectoryInode(box, inode));
  }

  @Override
  public void putReference(Reference reference) {
    change(() -> boxes.putReference(reference));
  }

  @Override
  public void removeReference(BoxId box, DiskSlot slot) {
    change(() -> boxes.removeReference(box, slot));
  }

  @Override
  public ImmutableList<BaseDiskId> removeReferencesOf(BoxId box) {
    return session.change(() -> boxes.removeReferencesOf(box));
  }

  @Override
  public void insertIntent(Intent intent) {
    change(() -> intents.insert(intent));
  }

  @Override
  public void removeIntent(OperationId id) {
    change(() -> intents.remove(id));
  }

  @Override
  public void insertCollectPending(BaseDiskId base) {
    change(() -> departures.insertCollectPending(base));
  }

  @Override
  public void removeCollectPending(BaseDiskId base) {
    change(() -> departures.removeCollectPending(base));
  }

  @Override
  public void insertDeleting(DeletingBase base) {
    change(() -> departures.insertDeleting(base));
  }

  @Override
  public void removeDeleting(BaseDiskId id) {
    change(() -> departures.removeDeleting(id));
  }

  @Override
  public void insertHold(Hold hold) {
    change(() -> holds.insert(hold));
  }

  @Override
  public void removeHold(Hold hold) {
    change(() -> holds.remove(hold));
  }

  @Override
  public void putHomeIdentity(HomeIdentity identity) {
    change(() -> home.putIdentity(identity));
  }

  @Override
  public long countWrite(long least) {
    return session.change(() -> home.countWrite(least));
  }

  @Override
  public void insertRelocation(Relocation relocation) {
    change(() -> relocations.insert(relocation));
  }

  @Override
  public void removeRelocation() {
    change(relocations::remove);
  }

  @Override
  public void movePaths(Path from, Path to) {
    change(() -> new PathColumns(session).move(from, to));
  }

  @Override
  public void decideUnknownUsePolicy(UnknownUsePolicy decision) {
    change(() -> home.decide(decision));
  }

  private void change(Runnable change) {
    session.change(
        () -> {
          change.run();
          return true;
        });
  }
}
