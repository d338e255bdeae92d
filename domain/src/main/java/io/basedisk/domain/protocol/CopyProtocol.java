package io.basedisk.domain.protocol;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.BoxClaim;
import io.basedisk.domain.model.intent.CopyIntent;
import io.basedisk.domain.model.intent.DiskClaim;
import io.basedisk.domain.model.intent.PlannedBase;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * Copies a disk into a new base, with crash safety. The disk keeps its file and its parent. This is
 * for a disk that a paused VM has open.
 *
 * <p>There is no way to ask whether a VM is paused. Instead, the copy is refused if the file
 * changed while it was read, or if the copy has errors.
 *
 * <p>The transaction that records the base is the commit point and drops the intent, so an
 * interrupted operation is always rolled back.
 */
public final class CopyProtocol implements Protocol<CopyIntent> {

  /**
   * A disk's file status and header at one instant. They change when the disk is written to.
   *
   * @param file the status of the disk's file
   * @param header the disk's header
   */
  public record DiskStamp(FileStatus file, ImageHeader header) {}

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final EventListener listener;
  private final BaseSeal seal;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  CopyProtocol(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      BaseSeal seal,
      LogWriter log) {
    this.seal = seal;
    this.store = store;
    this.files = files;
    this.images = images;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<CopyIntent> intentType() {
    return CopyIntent.class;
  }

  /**
   * Plans the copy of a box's disk into a base.
   *
   * @param box the box
   * @param disk the disk
   * @param base the new base
   * @return the intent
   */
  public CopyIntent plan(BoxClaim box, DiskClaim disk, PlannedBase base) {
    OperationId id = OperationId.mint(random);
    return new CopyIntent(
        id, box, disk, base, Temporaries.of(id, base.path()), RecordTimes.now(clock));
  }

  /**
   * Reads a disk's stamp. Call before any decision that depends on the disk's header.
   *
   * @param disk the path of the disk
   * @return the status and the header of the disk's file
   * @throws NotFoundException if the file is missing
   * @throws RefusedException if the file is written to all the time
   * @throws InvalidImageException if the file is not a valid image
   */
  public DiskStamp readStamp(Path disk) {
    // The status first: a later change of the header changes the status too. A settled status,
    // because two writes within one clock tick have the same time.
    FileStatus file = files.settledStatus(disk);
    return new DiskStamp(file, images.readHeader(disk));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param before the disk's stamp from before the intent was made
   * @param progress receives the bytes of the disk's file
   * @throws RefusedException if the disk was written to since {@code before}
   * @throws InvalidImageException if the copy has errors
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted
   *     before the copy is checked
   */
  public void run(CopyIntent intent, DiskStamp before, Progress progress) {
    Path disk = intent.disk().path();
    PlannedBase base = intent.base();
    Path copy = intent.copy();
    files.copy(disk, copy, progress);
    checkUnwritten(disk, before);
    checkWhole(disk, copy, before.header());
    seal.seal(base, copy, base.parentId(), intent.startedAt());
    files.sync(copy);
    files.rename(copy, base.path());
    files.sync(Temporaries.directoryOf(base.path()));
    FileStatus file = files.getStatus(base.path());
    BaseDisk made = base.recordOf(file, before.header(), intent.startedAt());
    store.change(
        tx -> {
          tx.bases().insert(made);
          tx.bases().putFingerprint(made.id(), new BaseFingerprint(file.modifiedAt(), null));
          if (made.kind() == BaseDiskKind.CLONE_BASE) {
            // Nothing needs it yet. If the process dies now, a later operation collects it.
            tx.pendingDeletes().insertCollectPending(made.id());
          }
          log.append(tx, intent, LoggedChange.of(LogEvent.COPIED, made));
          tx.intents().delete(intent.id());
        });
    listener.on(new Event.Copied(intent.id(), made, disk));
  }

  /** Compares stamps before the copy is checked: the copy of a changing file is worthless. */
  private void checkUnwritten(Path disk, DiskStamp before) {
    FileStatus now = files.getStatus(disk);
    boolean isSame =
        now.identity().equals(before.file().identity())
            && now.length() == before.file().length()
            && now.modifiedAt().equals(before.file().modifiedAt());
    if (!isSame || !images.readHeader(disk).equals(before.header())) {
      throw new RefusedException(
          disk + ": was written to while it was copied", new Remedy.PauseVm(disk));
    }
  }

  private void checkWhole(Path disk, Path copy, ImageHeader header) {
    ImageCheck check = images.check(copy);
    if (check.errors() > 0 || !images.readHeader(copy).equals(header)) {
      throw new InvalidImageException(
          disk + ": its copy has " + check.errors() + " errors in its tables");
    }
  }

  @Override
  public Settlement settle(CopyIntent intent) {
    PlannedBase base = intent.base();
    files.remove(intent.copy());
    Optional<String> doubt = seal.reasonToStay(base);
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    files.remove(base.path());
    files.sync(Temporaries.directoryOf(base.path()));
    store.change(
        tx -> {
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }
}
