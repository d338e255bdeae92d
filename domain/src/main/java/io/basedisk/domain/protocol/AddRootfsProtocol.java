package io.basedisk.domain.protocol;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.DiskInfo;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageHeader;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.RootfsEntry;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.StoreTransaction;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Adds an image to the rootfs cache as a new base, with crash safety.
 *
 * <p>Steps: make the image under a temporary name in the bases directory; check it; make it
 * read-only and durable; rename it; record it in one transaction, which also takes the key from the
 * previous version.
 *
 * <p>That transaction is the commit point and drops the intent, so an interrupted operation is
 * always rolled back. The claim on the key keeps other processes from adding the same key at the
 * same time.
 */
public final class AddRootfsProtocol implements Protocol<AddRootfsIntent> {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final DiskImages images;
  private final BackingChains chains;
  private final ImageLocks imageLocks;
  private final EventListener listener;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final BaseSeal seal;
  private final LogWriter log;

  @Inject
  AddRootfsProtocol(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      DiskImages images,
      ImageLocks imageLocks,
      EventListener listener,
      RandomGenerator random,
      InstantSource clock,
      BackingChains chains,
      BaseSeal seal,
      LogWriter log) {
    this.seal = seal;
    this.home = home;
    this.store = store;
    this.files = files;
    this.images = images;
    this.chains = chains;
    this.imageLocks = imageLocks;
    this.listener = listener;
    this.random = random;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<AddRootfsIntent> intentType() {
    return AddRootfsIntent.class;
  }

  /**
   * Plans a new entry.
   *
   * @param base the id of the new base; no existing base may have it
   * @param key the key of the entry
   * @return the intent
   */
  public AddRootfsIntent plan(BaseDiskId base, RootfsKey key) {
    OperationId id = OperationId.mint(random);
    Path file = home.baseFile(base);
    return new AddRootfsIntent(
        id, base, file, key, Temporaries.of(id, file), RecordTimes.now(clock));
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param makeImage makes the image at the given path
   * @param digest returns the digest of the content of the image at the given path
   * @param origin as in {@link RootfsEntry}
   */
  public void run(
      AddRootfsIntent intent,
      Consumer<Path> makeImage,
      Function<Path, String> digest,
      @Nullable String origin) {
    Path made = intent.temporary();
    makeImage.accept(made);
    if (files.status(made).filter(FileStatus::isRegularFile).isEmpty()) {
      throw new InvalidImageException(made + ": no image was made there");
    }
    // A process that still has the file open for writing would write to the base.
    try (ImageLocks.Guard guard = imageLocks.guard(made)) {
      BaseDiskId parent = inspect(made);
      String content = digest.apply(made);
      seal.seal(intent.base(), made, parent, intent.startedAt());
      files.sync(made);
      files.rename(made, intent.file());
      guard.checkNoWriter();
      files.sync(home.bases());
      commit(intent, parent, content, origin);
    }
  }

  /** Checks that an image can be a base, and returns its parent base; null if it has none. */
  private @Nullable BaseDiskId inspect(Path image) {
    if (files.status(image).filter(status -> status.links() == 1).isEmpty()) {
      throw new RefusedException(image + ": has another name, so that it can't be immutable");
    }
    ImageHeader header = images.readHeader(image);
    if (header.corrupt() || images.check(image).errors() > 0) {
      throw new InvalidImageException(image + ": is damaged");
    }
    if (header.dirty()) {
      throw new InvalidImageException(image + ": is dirty: it was not closed properly");
    }
    if (header.internalSnapshots() > 0 || header.persistentBitmaps() > 0) {
      throw new RefusedException(image + ": has internal snapshots or bitmaps");
    }
    BackingFile backing = header.backing();
    if (backing == null) {
      return null;
    }
    Optional<BaseDiskId> base = chains.directBacking(image).flatMap(home::baseIdOf);
    return base.filter(id -> store.read(view -> view.bases().find(id)).isPresent())
        .orElseThrow(
            () ->
                new InvalidImageException(
                    image + ": backs onto " + backing.name() + ", which is not a base"));
  }

  private void commit(
      AddRootfsIntent intent, @Nullable BaseDiskId parent, String digest, @Nullable String origin) {
    Path base = intent.file();
    FileStatus file =
        files
            .status(base)
            .orElseThrow(() -> new StorageException(base + ": the new base is missing"));
    Instant now = clock.instant();
    BaseDisk record =
        new BaseDisk(
            intent.baseId(),
            BoxId.GLOBAL,
            intent.key(),
            BaseDiskKind.ROOTFS,
            new DiskInfo(base, images.readHeader(base).virtualSize(), file.length()),
            parent,
            intent.startedAt());
    store.change(
        tx -> {
          supersede(tx, intent.key());
          tx.bases().insert(record);
          tx.bases().putFingerprint(record.id(), new BaseFingerprint(file.modifiedAt(), null));
          tx.rootfs().put(record.id(), new RootfsEntry(digest, now, origin));
          log.append(tx, intent, LoggedChange.of(LogEvent.ROOTFS_ADDED, record));
          tx.intents().delete(intent.id());
        });
    listener.on(new Event.RootfsAdded(intent.id(), record));
  }

  private static void supersede(StoreTransaction tx, RootfsKey key) {
    tx.bases()
        .findByKey(key)
        .ifPresent(
            old -> {
              tx.rootfs().supersede(old.id());
              tx.pendingDeletes().insertCollectPending(old.id());
            });
  }

  @Override
  public Settlement settle(AddRootfsIntent intent) {
    files.remove(intent.temporary());
    Optional<String> doubt = seal.reasonToStay(intent.base());
    if (doubt.isPresent()) {
      return new Settlement.Undecided(doubt.get());
    }
    files.remove(intent.file());
    files.sync(home.bases());
    store.change(
        tx -> {
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }
}
