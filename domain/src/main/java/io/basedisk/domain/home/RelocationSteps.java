package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Performs the steps of a relocation. Their order lets a relocation that crashes at any step be
 * completed or undone. Each step is repeatable.
 */
final class RelocationSteps {

  private final BaseDiskStore store;
  private final HomeLayout home;
  private final DiskFiles files;
  private final IdentityFile identityFile;
  private final HeaderRewriter rewriter;
  private final BaseDescriptions descriptions;
  private final LogWriter log;

  RelocationSteps(
      BaseDiskStore store,
      HomeLayout home,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      LogWriter log) {
    this.store = store;
    this.home = home;
    this.files = files;
    this.identityFile = new IdentityFile(home, files);
    this.rewriter = new HeaderRewriter(files, images, imageLocks);
    this.descriptions = new BaseDescriptions(home, files);
    this.log = log;
  }

  /**
   * Commits the plan as an intent and performs it.
   *
   * @param planned the records that the plan was made from
   * @throws RefusedException if the records have changed since
   */
  void perform(Relocation relocation, RecordedHome planned) {
    store.change(
        tx -> {
          checkUnchanged(planned, tx);
          tx.home().insertRelocation(relocation);
        });
    // Written even if the id stays: the time of this file records when the relocation began.
    identityFile.write(relocation.to().id());
    rewriter.apply(relocation.rewrites(), ImmutableMap.of());
    descriptions.write(relocation.from().id(), relocation.to().id(), planned);
    finish(relocation);
  }

  /**
   * Performs the remaining steps of a committed intent.
   *
   * @param rest the rewrites, for the present files
   * @param times as for {@link HeaderRewriter#apply}
   */
  void complete(
      Relocation relocation,
      RecordedHome planned,
      ImmutableList<HeaderRewrite> rest,
      ImmutableMap<Path, BaseFingerprint> times) {
    resume(planned, relocation.to().id());
    rewriter.apply(rest, times);
    descriptions.write(relocation.from().id(), relocation.to().id(), planned);
    finish(relocation);
  }

  /**
   * Undoes the steps of a committed intent, and drops it.
   *
   * @param rest the rewrites that undo those of the intent
   * @param times as for {@link HeaderRewriter#apply}
   */
  void undo(
      Relocation relocation,
      RecordedHome planned,
      ImmutableList<HeaderRewrite> rest,
      ImmutableMap<Path, BaseFingerprint> times) {
    resume(planned, relocation.from().id());
    rewriter.apply(rest, times);
    descriptions.write(relocation.to().id(), relocation.from().id(), planned);
    store.change(tx -> tx.home().deleteRelocation());
  }

  private void resume(RecordedHome planned, HomeId id) {
    store.<Boolean>read(
        view -> {
          checkUnchanged(planned, view);
          return true;
        });
    identityFile.discardWrite();
    if (!identityFile.read().equals(Optional.of(id))) {
      identityFile.write(id);
    }
  }

  private void checkUnchanged(RecordedHome planned, StoreView now) {
    if (!RecordedHome.read(now).equals(planned)) {
      throw new RefusedException(
          home.home() + ": the store was changed at the same time; relocate the home again");
    }
  }

  private void finish(Relocation relocation) {
    HomeMove move = new HomeMove(relocation.from().path(), relocation.to().path());
    store.change(
        tx -> {
          if (relocation.isCopy()) {
            leaveOut(tx, relocation.leftOut(), move.from());
          }
          tx.home().movePaths(move.from(), move.to());
          recordDirectories(tx);
          tx.home().putIdentity(relocation.to());
          log.append(tx, changesOf(relocation));
          tx.home().deleteRelocation();
        });
  }

  /**
   * Drops these boxes and their intents: the original home keeps the boxes, and settles the
   * operations.
   */
  private static void leaveOut(StoreTransaction tx, ImmutableList<BoxId> boxes, Path original) {
    for (Intent intent : tx.intents().list()) {
      if (RecordedHome.reachesOutside(intent, original)) {
        tx.intents().delete(intent.id());
        intent.bases().forEach(base -> collectLater(tx, base));
      }
    }
    for (BoxId box : boxes) {
      tx.references().deleteOf(box).forEach(base -> collectLater(tx, base));
      tx.boxes().delete(box);
    }
  }

  private static void collectLater(StoreTransaction tx, BaseDiskId base) {
    if (tx.bases().find(base).isPresent()) {
      tx.pendingDeletes().insertCollectPending(base);
    }
  }

  private static ImmutableList<LoggedChange> changesOf(Relocation relocation) {
    return LoggedChange.of(LogEvent.RELOCATED)
        .detailed(
            (relocation.isCopy() ? "a copy of " : "moved from ")
                + relocation.from().path()
                + (relocation.leftOut().isEmpty() ? "" : "; these boxes stay with the original"))
        .onEach(relocation.leftOut());
  }

  /** Records new inode numbers: directories get them by a copy or a move to another file system. */
  private void recordDirectories(StoreTransaction tx) {
    for (Box box : tx.boxes().list()) {
      if (box.disksDir().startsWith(home.home())
          && tx.boxes().findDirectoryInode(box.id()).isPresent()) {
        files
            .status(box.disksDir())
            .map(FileStatus::identity)
            .ifPresent(directory -> tx.boxes().putDirectoryInode(box.id(), directory.inode()));
      }
    }
  }
}
