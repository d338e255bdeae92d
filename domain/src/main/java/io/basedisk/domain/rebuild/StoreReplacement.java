package io.basedisk.domain.rebuild;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Puts the file of a new store in the place of the old one, which is kept beside it.
 *
 * <p>After a kill or a power cut at any step, the store's name leads to the old store with all of
 * its files, to no store, or to the new one. In the first two cases the rebuild can be repeated.
 * The old files are never the only ones under their old names: they get their new names first, as
 * hard links. Only one process may do this at a time.
 *
 * <p>A store is a file and its companions, such as a write-ahead log, which have its name and a
 * suffix. A companion must never come to lie beside a file that it is not of: the database would
 * read one into the other.
 */
public final class StoreReplacement {

  private static final String NEW = ".rebuilt";
  private static final String KEPT = ".replaced-";

  private final DiskFiles files;
  private final Path store;
  private final Path directory;
  private final ImmutableList<String> companions;

  /**
   * @param store the store's file, whose directory exists
   * @param companions the suffixes of its companions
   */
  public StoreReplacement(DiskFiles files, Path store, ImmutableList<String> companions) {
    this.files = files;
    this.store = store;
    this.directory = checkNotNull(store.getParent());
    this.companions = companions;
  }

  /** Returns where the new store is to be made: a file beside the old one. */
  public Path prepared() {
    return sibling(store, NEW);
  }

  /** Removes a new store, with its companions, that was not completed. */
  public void discardPrepared() {
    files.remove(prepared());
    companions.forEach(suffix -> files.remove(sibling(prepared(), suffix)));
  }

  /**
   * Puts the new store, whose companions are gone, in the place of the old one.
   *
   * @return where the old store is kept; empty if there was none
   */
  public Optional<Path> replace() {
    files.sync(prepared());
    Optional<Path> kept = keep();
    files.sync(directory);
    // The store first: a log without its store is noticed, a store without its log is not. A power
    // cut may undo names of one directory in any order, hence the syncs between.
    files.remove(store);
    files.sync(directory);
    companions.forEach(suffix -> files.remove(sibling(store, suffix)));
    files.sync(directory);
    files.rename(prepared(), store);
    files.sync(directory);
    return kept;
  }

  /** Gives what there is of the old store other names, all with the same number. */
  private Optional<Path> keep() {
    Optional<Path> keptBefore = keptBefore();
    if (keptBefore.isPresent()) {
      return keptBefore;
    }
    Path kept = freeName();
    boolean hasKept = keep("", kept);
    for (String suffix : companions) {
      hasKept |= keep(suffix, kept);
    }
    return hasKept ? Optional.of(kept) : Optional.empty();
  }

  /** Returns the name that a replacement gave the old store which was interrupted after that. */
  private Optional<Path> keptBefore() {
    if (files.status(store).isPresent()) {
      return Optional.empty();
    }
    for (int number = 1; isUsed(number); number++) {
      Path kept = kept(number);
      if (companions.stream().anyMatch(suffix -> isSame(suffix, kept))) {
        return Optional.of(kept);
      }
    }
    return Optional.empty();
  }

  private Path freeName() {
    int number = 1;
    while (isUsed(number)) {
      if (isSame("", kept(number))) {
        // Of a replacement that was interrupted. The store may have been used since: its log, which
        // is under that name too, need not be its log any more.
        removeNames(kept(number));
      } else {
        number++;
      }
    }
    return kept(number);
  }

  private void removeNames(Path kept) {
    files.remove(kept);
    companions.forEach(suffix -> files.remove(sibling(kept, suffix)));
    files.sync(directory);
  }

  private boolean keep(String suffix, Path kept) {
    Path file = sibling(store, suffix);
    if (files.status(file).isEmpty()) {
      return false;
    }
    if (!files.link(file, sibling(kept, suffix))) {
      // No hard links here: the store is away from now on, and its companions follow.
      files.rename(file, sibling(kept, suffix));
      files.sync(directory);
    }
    return true;
  }

  private boolean isUsed(int number) {
    return files.status(kept(number)).isPresent()
        || companions.stream()
            .anyMatch(suffix -> files.status(sibling(kept(number), suffix)).isPresent());
  }

  /** Returns whether a kept file and the store's are one file under two names. */
  private boolean isSame(String suffix, Path kept) {
    Optional<FileIdentity> file = identity(sibling(store, suffix));
    return file.isPresent() && file.equals(identity(sibling(kept, suffix)));
  }

  private Optional<FileIdentity> identity(Path file) {
    return files.status(file).map(FileStatus::identity);
  }

  private Path kept(int number) {
    return sibling(store, KEPT + number);
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
