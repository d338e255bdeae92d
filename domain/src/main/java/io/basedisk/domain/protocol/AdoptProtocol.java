package io.basedisk.domain.protocol;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.log.LogWriter;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HeaderPatch;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RecordTimes;
import io.basedisk.domain.model.intent.AdoptIntent;
import io.basedisk.domain.model.intent.AdoptedFile;
import io.basedisk.domain.model.intent.AdoptedFile.Move;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.Guards;
import io.basedisk.domain.port.ImageLocks;
import io.basedisk.domain.port.Progress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Adopts disk files that were there before basedisk, with crash safety: all of them or none.
 *
 * <p>An adoption in place is one transaction, and no file changes. Files that move into the home
 * take these steps, each durable before the next:
 *
 * <ol>
 *   <li>Each file gets its new name in the home: a hard link or, on another file system, a copy
 *       that is complete when it gets that name.
 *   <li>The headers get the new backing names. Each header changes by one write, and the intent has
 *       the old bytes.
 *   <li>Each old name becomes a hidden name in its directory, so that no program opens it any more.
 *       Then each file is checked: it has no writer, and a copied file has not changed.
 *   <li>The hidden names are removed.
 *   <li>Bases are sealed, and one transaction records everything and drops the intent.
 * </ol>
 *
 * <p>The first removal of a hidden name is the files' commit point. An operation interrupted before
 * it is rolled back; after it, all files are complete in the home, so it is rolled forward. At
 * every instant each file is complete under its old name, its hidden name or its new one.
 */
public final class AdoptProtocol implements Protocol<AdoptIntent> {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final ImageLocks imageLocks;
  private final AdoptedHeaders headers;
  private final AdoptRecording recording;
  private final InstantSource clock;
  private final LogWriter log;

  @Inject
  AdoptProtocol(
      HomeLayout home,
      BaseDiskStore store,
      DiskFiles files,
      ImageLocks imageLocks,
      AdoptedHeaders headers,
      AdoptRecording recording,
      InstantSource clock,
      LogWriter log) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.imageLocks = imageLocks;
    this.headers = headers;
    this.recording = recording;
    this.clock = clock;
    this.log = log;
  }

  @Override
  public Class<AdoptIntent> intentType() {
    return AdoptIntent.class;
  }

  /**
   * Plans an adoption.
   *
   * @param id id of the operation, which the temporary names have
   * @param adopted the files, each base before the files that back onto it
   * @return the intent
   */
  public AdoptIntent plan(OperationId id, ImmutableList<AdoptedFile> adopted) {
    return new AdoptIntent(id, adopted, RecordTimes.now(clock));
  }

  /**
   * {@return the move of a file into the home}
   *
   * @param id id of the operation
   * @param path real path of the file
   * @param target path of the file in the home
   * @param status status of the file
   * @param patch change of the backing name in the file's header; null if the name stays
   */
  public static Move moveOf(
      OperationId id, Path path, Path target, FileStatus status, @Nullable HeaderPatch patch) {
    return new Move(
        target,
        Temporaries.of(id, target),
        Temporaries.rollbackLink(id, path),
        status.mode() & 0777,
        patch);
  }

  /**
   * Performs the steps after the intent is committed.
   *
   * @param intent the committed intent
   * @param guard a guard of the bases and of the moved files, taken before the intent was committed
   * @param progress receives the number of files that have their new names, of those that move
   * @throws InterruptedOperationException if the thread is interrupted before all files have their
   *     new names
   */
  public void run(AdoptIntent intent, ImageLocks.Guard guard, Progress progress) {
    ImmutableList<AdoptedFile> moved = intent.moved();
    for (int i = 0; i < moved.size(); i++) {
      Path file = moved.get(i).path();
      InterruptedOperationException.throwIfInterrupted(
          () -> file + ": the move into the home was interrupted");
      place(moved.get(i));
      progress.at(i + 1L, moved.size());
    }
    if (!moved.isEmpty()) {
      files.sync(placesOf(moved));
      headers.rewrite(moved);
      takeAside(moved);
      guard.checkNoWriter();
      complete(intent);
    } else {
      guard.checkNoWriter();
      recording.record(intent);
    }
  }

  private void place(AdoptedFile file) {
    Move move = moveOf(file);
    file.newDirectories()
        .forEach(directory -> files.createDirectory(directory, HomeLayout.PASS_THROUGH_MODE));
    if (!files.link(file.path(), move.target())) {
      files.copy(file.path(), move.temporary());
      files.sync(move.temporary());
      files.rename(move.temporary(), move.target());
    } else if (!isFile(move.target(), file)) {
      throw new StorageException(
          file.path() + ": another file took its place during the operation");
    }
  }

  /** {@return the new files and all directories that have new names} */
  private ImmutableList<Path> placesOf(ImmutableList<AdoptedFile> moved) {
    ImmutableSet.Builder<Path> places = ImmutableSet.builder();
    for (AdoptedFile file : moved) {
      places.add(file.finalPath(), file.finalDirectory());
      places.addAll(file.newDirectories());
    }
    return places.add(home.boxes()).build().asList();
  }

  /** Gives each old name that is left a hidden one, durably. Repeatable. */
  private void takeAside(ImmutableList<AdoptedFile> moved) {
    for (AdoptedFile file : moved) {
      if (isFile(file.path(), file)) {
        files.rename(file.path(), moveOf(file).aside());
      }
    }
    files.sync(oldDirectories(moved));
  }

  /** Completes the operation once each old name is hidden or removed. Repeatable. */
  private void complete(AdoptIntent intent) {
    ImmutableList<AdoptedFile> moved = intent.moved();
    for (AdoptedFile file : moved) {
      files.status(moveOf(file).aside()).ifPresent(aside -> checkUnchanged(file, aside));
    }
    // From here on, the operation can only be rolled forward.
    moved.forEach(file -> files.remove(moveOf(file).aside()));
    files.sync(oldDirectories(moved));
    recording.record(intent);
  }

  /**
   * Checks that removing an old file loses nothing: it is the moved one, or its copy is current.
   */
  private void checkUnchanged(AdoptedFile file, FileStatus aside) {
    if (!isLinked(moveOf(file).aside(), file)
        && (aside.identity().inode() != file.identity().inode()
            || !aside.version().equals(file.version()))) {
      throw new RefusedException(file.path() + ": was written to during the operation");
    }
  }

  @Override
  public Settlement settle(AdoptIntent intent) {
    ImmutableList<AdoptedFile> moved = intent.moved();
    boolean isComplete = moved.stream().allMatch(file -> isThere(file.finalPath()));
    boolean isRemoving = moved.stream().anyMatch(file -> oldName(file).isEmpty());
    return isComplete && isRemoving ? forward(intent) : back(intent);
  }

  private Settlement forward(AdoptIntent intent) {
    ImmutableList<AdoptedFile> moved = intent.moved();
    ImmutableList<Path> targets =
        moved.stream().map(AdoptedFile::finalPath).collect(toImmutableList());
    Optional<Path> written =
        headers.firstWritten(
            targets, moved.stream().map(AdoptProtocol::moveOf).collect(toImmutableList()));
    if (written.isPresent()) {
      return new Settlement.Undecided("another program has written the header of " + written.get());
    }
    headers.rewrite(moved);
    takeAside(moved);
    try (ImageLocks.Guard guard = Guards.of(imageLocks, withAsides(moved, targets))) {
      guard.checkNoWriter();
      complete(intent);
    }
    return new Settlement.RolledForward();
  }

  private ImmutableList<Path> withAsides(
      ImmutableList<AdoptedFile> moved, ImmutableList<Path> targets) {
    return ImmutableList.<Path>builder()
        .addAll(targets)
        .addAll(moved.stream().map(file -> moveOf(file).aside()).filter(this::isThere).iterator())
        .build();
  }

  private Settlement back(AdoptIntent intent) {
    ImmutableList<AdoptedFile> moved = intent.moved();
    for (AdoptedFile file : moved) {
      Optional<String> doubt = doubtOf(file);
      if (doubt.isPresent()) {
        return new Settlement.Undecided(doubt.get());
      }
    }
    moved.forEach(this::giveBackOldName);
    // The old names first: a power cut must not find a file without any name.
    files.sync(oldDirectories(moved).stream().filter(this::isThere).collect(toImmutableList()));
    for (AdoptedFile file : moved) {
      // The header of a copy changed, and goes with the copy.
      if (isFile(file.path(), file) && isLinked(file.path(), file)) {
        headers.undo(file.path(), moveOf(file));
      }
    }
    for (AdoptedFile file : moved.reverse()) {
      Move move = moveOf(file);
      files.remove(move.temporary());
      files.remove(move.target());
      file.newDirectories().reverse().forEach(files::remove);
    }
    if (!moved.isEmpty()) {
      files.sync(ImmutableList.of(home.bases(), home.boxes()));
    }
    store.change(
        tx -> {
          // A base may be collect-pending, kept only by this intent.
          intent.bases().forEach(tx.pendingDeletes()::insertCollectPending);
          log.append(tx, intent, LogEvent.ROLLED_BACK);
          tx.intents().delete(intent.id());
        });
    return new Settlement.RolledBack();
  }

  /** Gives a file its old name in place of the hidden one. Repeatable. */
  private void giveBackOldName(AdoptedFile file) {
    Path aside = moveOf(file).aside();
    if (!isFile(aside, file)) {
      return;
    }
    // A link fails where another program has just made a file. A rename would replace that file.
    if (isFile(file.path(), file) || files.link(aside, file.path())) {
      files.remove(aside);
    } else {
      files.rename(aside, file.path());
    }
  }

  /** {@return why the move of a file can't be undone; empty if it can} */
  private Optional<String> doubtOf(AdoptedFile file) {
    Move move = moveOf(file);
    Optional<Path> old = oldName(file);
    if (old.isEmpty()) {
      return isThere(move.target())
          ? Optional.of(file.path() + " is missing, and " + move.target() + " may be its last copy")
          : Optional.empty();
    }
    if (!old.get().equals(file.path()) && files.status(file.path()).isPresent()) {
      return Optional.of(
          "another file took the place of " + file.path() + ", which is " + move.aside() + " now");
    }
    return isLinked(old.get(), file)
            && headers.stateOf(old.get(), move) == AdoptedHeaders.State.OTHER
        ? Optional.of("another program has written the header of " + old.get())
        : Optional.empty();
  }

  // The state of the files.

  /** {@return the old or hidden name that a file still has} */
  private Optional<Path> oldName(AdoptedFile file) {
    if (isFile(file.path(), file)) {
      return Optional.of(file.path());
    }
    return Optional.of(moveOf(file).aside()).filter(aside -> isFile(aside, file));
  }

  /**
   * {@return whether a path names an adopted file} Some file systems get another device number at
   * each mount, so the inode number decides.
   */
  private boolean isFile(Path path, AdoptedFile file) {
    return files
        .status(path)
        .filter(FileStatus::isRegularFile)
        .map(FileStatus::identity)
        .filter(found -> found.inode() == file.identity().inode())
        .isPresent();
  }

  /** {@return whether the file at an old name is the one in the home too} */
  private boolean isLinked(Path old, AdoptedFile file) {
    Optional<FileIdentity> identity = files.status(old).map(FileStatus::identity);
    return identity.isPresent()
        && identity.equals(files.status(file.finalPath()).map(FileStatus::identity));
  }

  private boolean isThere(Path path) {
    return files.status(path).isPresent();
  }

  private static ImmutableList<Path> oldDirectories(ImmutableList<AdoptedFile> moved) {
    return moved.stream()
        .map(AdoptedFile::directory)
        .collect(ImmutableSet.toImmutableSet())
        .asList();
  }

  private static Move moveOf(AdoptedFile file) {
    return Verify.verifyNotNull(file.move());
  }
}
