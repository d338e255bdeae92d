package io.basedisk.domain.chain;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells which files are bases: those in the bases directory by their names, recorded or not, and
 * foreign ones by their records.
 */
@FunctionalInterface
public interface KnownBases {

  /**
   * Returns the id of the base that a file is.
   *
   * @param realPath the real path of the file
   */
  Optional<BaseDiskId> find(Path realPath);

  /** Knows the files in the bases directory alone. */
  static KnownBases inHome(HomeLayout home) {
    return home::baseIdOf;
  }

  /** Knows foreign bases too. The store is asked, once for each file outside the home's bases. */
  static KnownBases of(HomeLayout home, BaseDiskStore store) {
    return path -> home.baseIdOf(path).or(() -> store.read(view -> foreign(home, view, path)));
  }

  /** Does the same by a state of the store, for use in its transaction. */
  static KnownBases in(StoreView view, HomeLayout home) {
    return path -> home.baseIdOf(path).or(() -> foreign(home, view, path));
  }

  private static Optional<BaseDiskId> foreign(HomeLayout home, StoreView view, Path path) {
    return home.isInBases(path)
        ? Optional.empty()
        : view.bases()
            .findByPath(path)
            .filter(base -> base.diskInfo().isForeign())
            .map(BaseDisk::id);
  }
}
