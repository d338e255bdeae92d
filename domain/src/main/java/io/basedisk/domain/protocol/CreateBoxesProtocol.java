package io.basedisk.domain.protocol;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.Box;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileOwner;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.Reference;
import io.basedisk.domain.model.intent.CreateBoxesIntent;
import io.basedisk.domain.model.intent.NewBox;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Creates boxes in this home, with crash safety: all of them or none.
 *
 * <p>Steps: make the directories and disks at their final paths; sync them all at once; register
 * the boxes in one transaction.
 *
 * <p>That transaction is the commit point and drops the intent, so an interrupted operation is
 * always rolled back.
 */
public final class CreateBoxesProtocol implements Protocol<CreateBoxesIntent> {

  /**
   * Describes the disks of new boxes.
   *
   * @param base the base that they are overlays of; null for empty disks
   * @param virtualSize the size that each guest sees
   * @param attributesFrom the disk whose owner, group, mode and extended attributes they get; null
   *     for the defaults
   * @param owner the owner that they get; null to leave it
   */
  public record NewDisks(
      @Nullable BaseDisk base,
      ByteSize virtualSize,
      @Nullable Path attributesFrom,
      @Nullable FileOwner owner) {}

  private final HomeLayout home;
  private final NewBoxDirectories directories;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final NewBoxDisks newDisks;
  private final EventListener listener;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  CreateBoxesProtocol(
      HomeLayout home,
      NewBoxDirectories directories,
      BaseDiskStore store,
      DiskFiles files,
      NewBoxDisks newDisks,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      LogWriter log) {
    this.home = home;
    this.directories = directories;
    this.store = store;
    this.files = files;
    this.newDisks = newDisks;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<CreateBoxesIntent> intentType() {
    return CreateBoxesIntent.class;
  }

  /**
   * Plans the creation of boxes in this home.
   *
   * @param boxes the ids of the new boxes
   * @param disks what their disks are
   * @return the intent
   */
  public CreateBoxesIntent plan(ImmutableList<BoxId> boxes, NewDisks disks) {
    BaseDisk base = disks.base();
    return new CreateBoxesIntent(
        OperationId.mint(random),
        directories.choose(boxes),
        base == null ? null : base.id(),
        RecordTimes.now(clock));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param disks as for {@link #plan}
   * @param progress receives the number of boxes that have their disks
   * @throws InterruptedOperationException if the thread is interrupted before the commit point; its
   *     interrupt status stays set
   */
  public void run(CreateBoxesIntent intent, NewDisks disks, Progress progress) {
    long done = 0;
    for (NewBox box : intent.newBoxes()) {
      InterruptedOperationException.throwIfInterrupted(
          () -> "box " + box.box() + ": its creation was interrupted");
      progress.at(done++, intent.newBoxes().size());
      newDisks.create(box, disks);
    }
    progress.at(done, done);
    files.sync(
        ImmutableList.<Path>builder().addAll(intent.createdFiles()).add(home.boxes()).build());
    store.change(
        tx -> {
          for (NewBox box : intent.newBoxes()) {
            tx.boxes().insert(new Box(box.box(), box.disksDir(), intent.startedAt()));
            if (disks.base() != null) {
              tx.references().put(new Reference(disks.base().id(), box.box(), DiskSlot.CONTAINER));
            }
          }
          BaseDiskId base = disks.base() == null ? null : disks.base().id();
          log.append(tx, intent, LoggedChange.of(LogEvent.BOX_CREATED).onBase(base));
          tx.intents().delete(intent.id());
        });
    intent.newBoxes().forEach(box -> listener.on(new Event.BoxCreated(intent.id(), box.box())));
  }

  @Override
  public Settlement settle(CreateBoxesIntent intent) {
    for (NewBox box : intent.newBoxes()) {
      if (newDisks.isWritten(box.disk())) {
        return new Settlement.Undecided(
            box.disk() + " holds data that creating its box did not write");
      }
    }
    for (Path file : intent.createdFiles().reverse()) {
      files.remove(file);
    }
    files.sync(home.boxes());
    store.change(
        tx -> {
          // The base may be collect-pending, kept only by this intent.
          intent.bases().forEach(tx.pendingDeletes()::insertCollectPending);
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }
}
