package io.basedisk.domain.home;

import static com.google.common.base.Preconditions.checkNotNull;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.HomeUnusableException.Problem;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.StampFile;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import io.basedisk.domain.port.Unguarded;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a home may be changed. It may if its store is writable, belongs to this home, is
 * current, and was made for the home's present path. Records have absolute paths, so a change
 * through a copied or moved home would change the original's files.
 *
 * <p>Uses the unguarded store. Thread-safe.
 */
@Singleton
public final class HomeGate {

  private final HomeLayout home;
  private final BaseDiskStore store;
  private final DiskFiles files;
  private final StampFile stamp;
  private final EventListener listener;
  private final RandomGenerator random;
  private final IdentityFile identityFile;
  private final StoreAgreement agreement;

  private boolean isOpen;

  /** Why the home may not be changed; null if it may. */
  private @Nullable HomeUnusableException problem;

  @Inject
  HomeGate(
      HomeLayout home,
      @Unguarded BaseDiskStore store,
      DiskFiles files,
      StampFile stamp,
      EventListener listener,
      RandomGenerator random,
      IdentityFile identityFile,
      StoreAgreement agreement) {
    this.home = home;
    this.store = store;
    this.files = files;
    this.stamp = stamp;
    this.listener = listener;
    this.random = random;
    this.identityFile = identityFile;
    this.agreement = agreement;
  }

  /** The store's record of its home, in one state of the store. */
  private record Stored(
      Optional<HomeIdentity> identity, long writeNumber, Optional<Relocation> relocation) {}

  /** The records of a store without an identity, in one state of the store. */
  private record Unidentified(RecordedPaths paths, long writeNumber) {

    static Unidentified in(StoreView view) {
      return new Unidentified(RecordedPaths.in(view), view.home().writeNumber());
    }
  }

  /**
   * Identifies the home, and gives it an id if it has none. If the home can be read but not
   * changed, tells the listener once, unless it is only read-only.
   *
   * @throws HomeUnusableException if the store belongs to another home, or is lost: then there is
   *     nothing to read
   */
  public synchronized void open() {
    isOpen = true;
    // Read the stamp first: writes committed after that only raise the store's number.
    Optional<StoreStamp> stamped = stamp.read();
    Stored stored =
        store.read(
            view ->
                new Stored(
                    view.home().findIdentity(),
                    view.home().writeNumber(),
                    view.home().findRelocation()));
    problem = problemOf(stored, stamped).orElse(null);
    if (problem == null) {
      return;
    }
    if (problem.problem() == Problem.FOREIGN_STORE || problem.problem() == Problem.LOST_STORE) {
      throw problem;
    }
    if (problem.problem() == Problem.READ_ONLY) {
      return;
    }
    listener.on(new Event.HomeUnusable(problem.problem(), checkNotNull(problem.getMessage())));
  }

  /** {@return why the home may not be changed now; empty if it may} */
  public synchronized Optional<HomeUnusableException> problem() {
    if (!isOpen) {
      open();
    }
    return Optional.ofNullable(problem);
  }

  /**
   * Checks that the home may be changed. If the store is older than the files but agrees with all
   * of them, accepts it as current.
   *
   * @throws HomeUnusableException if it may not be changed
   */
  public synchronized void requireChangeable() {
    HomeUnusableException found = problem().orElse(null);
    if (found == null) {
      return;
    }
    if (found.problem() != Problem.OLDER_STORE) {
      throw again(found);
    }
    acceptIfAgreed();
    problem = null;
  }

  /** {@return a new exception with the same content: its stack trace is this caller's} */
  private static HomeUnusableException again(HomeUnusableException found) {
    return new HomeUnusableException(found.problem(), checkNotNull(found.getMessage()));
  }

  /** Records that a write found the store older than the stamp. */
  synchronized HomeUnusableException foundOlder(StoreStamp stamped, long writeNumber) {
    problem = older(stamped, writeNumber);
    return again(problem);
  }

  // Identification.

  private Optional<HomeUnusableException> problemOf(Stored stored, Optional<StoreStamp> stamped) {
    if (stored.relocation().isPresent()) {
      return Optional.of(
          unusable(
              Problem.RELOCATING,
              "a relocation from " + stored.relocation().get().from().path() + " is incomplete"));
    }
    Optional<HomeUnusableException> identity =
        stored.identity().isPresent() ? compare(stored.identity().get()) : identify();
    Optional<HomeUnusableException> age =
        stamped
            .filter(s -> s.isAheadOf(stored.writeNumber()))
            .map(s -> older(s, stored.writeNumber()));
    return identity.filter(p -> p.problem() == Problem.ELSEWHERE).isPresent() && age.isPresent()
        ? Optional.of(both(identity.get(), age.get()))
        : identity.or(() -> age).or(this::readOnly);
  }

  /**
   * Combines two problems: the first may have no remedy while the second exists, so the user must
   * know both.
   */
  private static HomeUnusableException both(
      HomeUnusableException first, HomeUnusableException second) {
    return new HomeUnusableException(
        first.problem(), first.getMessage() + "; also, " + second.getMessage());
  }

  private Optional<HomeUnusableException> readOnly() {
    return store.isReadOnly()
        ? Optional.of(
            unusable(
                Problem.READ_ONLY,
                "it is read-only: its file system is, or this user has no permission to write"))
        : Optional.empty();
  }

  private Optional<HomeUnusableException> compare(HomeIdentity recorded) {
    Optional<HomeId> named = identityFile.read();
    if (named.filter(id -> !id.equals(recorded.id())).isPresent()) {
      return Optional.of(foreign(recorded));
    }
    if (!recorded.path().equals(home.home())) {
      return Optional.of(
          named.isEmpty() && isHomeOf(recorded) ? foreign(recorded) : elsewhere(recorded.path()));
    }
    if (named.isEmpty()) {
      writeIfPossible(recorded.id());
    }
    return Optional.empty();
  }

  private HomeUnusableException foreign(HomeIdentity recorded) {
    return unusable(
        Problem.FOREIGN_STORE, "the store belongs to another home, at " + recorded.path());
  }

  private HomeUnusableException elsewhere(Path recorded) {
    return unusable(Problem.ELSEWHERE, "its store was made for a home at " + recorded);
  }

  private static HomeUnusableException older(StoreStamp stamped, long writeNumber) {
    return new HomeUnusableException(
        Problem.OLDER_STORE,
        "the store is older than the files: its last write was number "
            + writeNumber
            + ", the home has seen number "
            + stamped.number());
  }

  private HomeUnusableException unusable(Problem kind, String reason) {
    return new HomeUnusableException(kind, "the home " + home.home() + ": " + reason);
  }

  /** {@return whether the path in a store's identity still holds the home with that id} */
  private boolean isHomeOf(HomeIdentity recorded) {
    try {
      return new IdentityFile(new HomeLayout(recorded.path()), files)
          .read()
          .equals(Optional.of(recorded.id()));
    } catch (BaseDiskException unreadable) {
      return false;
    }
  }

  /** Identifies a home whose store has no identity: it is new, or of an earlier version. */
  private Optional<HomeUnusableException> identify() {
    // The files first: a process that starts to use the home records an intent before it makes a
    // file, so that this store, read later, tells whose files they are.
    boolean hasFiles = agreement.hasFiles();
    Unidentified now = store.read(Unidentified::in);
    RecordedPaths paths = now.paths();
    if (hasFiles && paths.isEmpty() && now.writeNumber() == 0) {
      return Optional.of(
          unusable(Problem.LOST_STORE, "it has bases or boxes, and its store is empty"));
    }
    Optional<Path> otherHome = paths.homeElsewhere(home);
    if (otherHome.isPresent()) {
      return Optional.of(elsewhere(otherHome.get()));
    }
    try {
      return store.<Optional<HomeUnusableException>>write(this::identifyAlone);
    } catch (BaseDiskException cantWrite) {
      // On a read-only or full file system the home stays without an id for now.
      return Optional.empty();
    }
  }

  /** Writes the id within the store's write lock, so that concurrent processes make only one id. */
  private Optional<HomeUnusableException> identifyAlone(StoreTransaction tx) {
    Optional<HomeIdentity> recorded = tx.home().findIdentity();
    if (recorded.isPresent()) {
      return compare(recorded.get());
    }
    Optional<HomeId> named = identityFile.read();
    HomeId id = named.orElseGet(() -> HomeId.mint(random));
    // The file first: after a crash, a store without an id takes the file's.
    if (named.isEmpty()) {
      identityFile.write(id);
    }
    FileIdentity directory =
        files.status(home.home()).map(FileStatus::identity).orElse(new FileIdentity(0, 0));
    tx.home().putIdentity(new HomeIdentity(id, home.home(), directory));
    return Optional.empty();
  }

  private void writeIfPossible(HomeId id) {
    try {
      identityFile.write(id);
    } catch (BaseDiskException cantWrite) {
      // As above: commands that only read still work.
      return;
    }
  }

  // Accepting an older store.

  private void acceptIfAgreed() {
    Optional<String> difference = agreement.firstDifference();
    if (difference.isPresent()) {
      throw unusable(
          Problem.OLDER_STORE,
          "its store is older than its files, and does not agree with them: " + difference.get());
    }
    long number = stamp.read().map(StoreStamp::number).orElse(0L);
    store.<Long>write(tx -> tx.home().countWrite(number));
  }
}
