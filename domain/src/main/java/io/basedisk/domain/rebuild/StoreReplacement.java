package io.basedisk.domain.rebuild;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Replaces the old store's file by a new one, and keeps the old one beside it.
 *
 * <p>If it is interrupted at any step, the store's path names the old store with all its files, no
 * store, or the new store. In the first two cases the rebuild can be repeated. The old files get
 * their new names as hard links before they lose their old names. Only one process may do this at a
 * time.
 *
 * <p>A store's file has companions, such as a write-ahead log, with the same name and a suffix. A
 * companion must never lie beside another store's file: the database would apply the log to it.
 */
public final class StoreReplacement {

  private static final String NEW = ".rebuilt";
  private static final String KEPT = ".replaced-";

  private final DiskFiles files;
  private final Path store;
  private final Path directory;
  private final ImmutableList<String> companions;

  /**
   * Creates the replacement of one store.
   *
   * @param files the files
   * @param store the store's file, in an existing directory
   * @param companions the suffixes of its companions
   */
  public StoreReplacement(DiskFiles files, Path store, ImmutableList<String> companions) {
    this.files = files;
    this.store = store;
    this.directory = checkNotNull(store.getParent());
    this.companions = companions;
  }

  /** {@return the path at which to make the new store, beside the old one} */
  public Path prepared() {
    return sibling(store, NEW);
  }

  /** Removes an incomplete new store and its companions. */
  public void discardPrepared() {
    files.remove(prepared());
    companions.forEach(suffix -> files.remove(sibling(prepared(), suffix)));
  }

  /**
   * Replaces the old store by the new one, which must have no companions.
   *
   * @return where the old store is kept; empty if there was none
   */
  public Optional<Path> replace() {
    files.sync(prepared());
    Optional<Path> kept = keep();
    files.sync(directory);
    // The store first: a log without a store does no harm, but a store without its log has lost
    // writes. A power cut may undo renames in one directory in any order, so sync after each.
    files.remove(store);
    files.sync(directory);
    companions.forEach(suffix -> files.remove(sibling(store, suffix)));
    files.sync(directory);
    files.rename(prepared(), store);
    files.sync(directory);
    return kept;
  }

  /** Gives the old store and its companions second names, all with the same number. */
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

  /** {@return the path at which an interrupted replacement kept the old store} */
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
        // These names are of an interrupted replacement. The store may have been used since, so
        // that the log kept under such a name may be out of date.
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
      // No hard links here: renaming removes the store's path, and its companions follow.
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

  /** {@return whether a kept file is a second name of the store's file} */
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
