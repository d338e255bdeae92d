package io.basedisk.domain.protocol;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxClaim;
import io.basedisk.domain.model.DiskClaim;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.ImageCheck;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.PlannedBase;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;

/**
 * The copy of a disk, step by step: a base of the disk's content, while the disk keeps its file and
 * what it stands on. It is for a disk that a VM has open and does not write to for now.
 *
 * <p>A VM's pause can't be asked for. What can be seen is whether the file is the same after the
 * copy as before, and whether the copy is an image without errors.
 *
 * <p>The transaction that records the base is the commit point and drops the intent, so settling
 * only ever goes back.
 */
public final class CopyProtocol implements Protocol<Intent.Copy> {

  /** What a disk was at one moment, as far as a write to it shows. */
  public record Look(FileStatus file, ImageHeader header) {}

  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final EventListener listener;
  private final BaseSeal seal;
  private final RandomGenerator random;
  private final InstantSource clock;

  @Inject
  CopyProtocol(
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      BaseSeal seal) {
    this.seal = seal;
    this.store = store;
    this.files = files;
    this.images = images;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Class<Intent.Copy> intentType() {
    return Intent.Copy.class;
  }

  /** Plans the copy of a disk of a box into a base. */
  public Intent.Copy plan(BoxClaim box, DiskClaim disk, PlannedBase base) {
    OperationId id = OperationId.mint(random);
    return new Intent.Copy(
        id, box, disk, base, Temporaries.of(id, base.path()), RecordTimes.now(clock));
  }

  /**
   * Looks at a disk before it is copied: before anything is concluded from its header.
   *
   * @throws NotFoundException if nothing is there
   * @throws RefusedException if it is written to all the time
   * @throws InvalidImageException if it is no valid image
   */
  public Look look(Path disk) {
    // In this order: a change of the header changes the file's status too. Settled, since a write
    // within the tick of the one before would not show.
    FileStatus file = files.settledStatus(disk);
    return new Look(file, images.readHeader(disk));
  }

  /**
   * Takes the steps from the committed intent to its end.
   *
   * @param before what the disk was before the intent was made
   * @throws RefusedException if somebody has written to the disk since
   * @throws InvalidImageException if the image has errors
   */
  public void run(Intent.Copy intent, Look before) {
    Path disk = intent.disk().path();
    PlannedBase base = intent.base();
    Path copy = intent.copy();
    files.copy(disk, copy);
    checkUnwritten(disk, before);
    checkWhole(disk, copy, before.header());
    seal.seal(base, copy, base.parentId(), intent.startedAt());
    files.sync(copy);
    files.rename(copy, base.path());
    files.sync(directoryOf(base.path()));
    FileStatus file = statusOf(base.path());
    BaseDisk made = base.recordOf(file, before.header(), intent.startedAt());
    store.change(
        tx -> {
          tx.bases().insert(made);
          tx.bases().putFingerprint(made.id(), new BaseFingerprint(file.modifiedAt(), null));
          tx.intents().delete(intent.id());
        });
    listener.on(new Event.Copied(intent.id(), made, disk));
  }

  /** What was read of a file that changes is of no moment at all. */
  private void checkUnwritten(Path disk, Look before) {
    FileStatus now = statusOf(disk);
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
  public Settlement settle(Intent.Copy intent) {
    PlannedBase base = intent.base();
    files.remove(intent.copy());
    Optional<String> doubt = seal.reasonToStay(base);
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    files.remove(base.path());
    files.sync(directoryOf(base.path()));
    store.change(tx -> tx.intents().delete(intent.id()));
    return new Settlement.Back();
  }

  private FileStatus statusOf(Path file) {
    return files.status(file).orElseThrow(() -> new NotFoundException(file + ": no such file"));
  }

  private static Path directoryOf(Path path) {
    return checkNotNull(path.getParent());
  }
}
