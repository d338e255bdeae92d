package io.basedisk.domain.chain;

import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Recognizes the files of bases: files in the bases directory by their names, even if not recorded,
 * and foreign bases by their records.
 */
@FunctionalInterface
public interface KnownBases {

  /**
   * {@return the id of the base with a file; empty if the file is not a base's}
   *
   * @param realPath real path of the file
   */
  Optional<BaseDiskId> find(Path realPath);

  /**
   * {@return the format of a backing file if the header above it does not name one: that of its
   * record as a foreign base, otherwise qcow2} It is never guessed from the content.
   *
   * @param realPath real path of the file
   */
  default ImageFormat unstatedFormat(Path realPath) {
    return ImageFormat.QCOW2;
  }

  /**
   * {@return an instance that recognizes only files in the bases directory}
   *
   * @param home paths of the home
   */
  static KnownBases inHome(HomeLayout home) {
    return home::baseIdOf;
  }

  /**
   * {@return an instance that recognizes foreign bases too} It reads the store once for each file
   * outside the bases directory.
   *
   * @param home paths of the home
   * @param store the store
   */
  static KnownBases of(HomeLayout home, BaseDiskStore store) {
    return new KnownBases() {
      @Override
      public Optional<BaseDiskId> find(Path path) {
        return home.baseIdOf(path).or(() -> store.read(view -> foreign(home, view, path)));
      }

      @Override
      public ImageFormat unstatedFormat(Path path) {
        return store.<ImageFormat>read(view -> formatOf(view, path));
      }
    };
  }

  /**
   * {@return an instance that recognizes foreign bases too, by one state of the store} For use in a
   * transaction.
   *
   * @param view the state of the store
   * @param home paths of the home
   */
  static KnownBases in(StoreView view, HomeLayout home) {
    return new KnownBases() {
      @Override
      public Optional<BaseDiskId> find(Path path) {
        return home.baseIdOf(path).or(() -> foreign(home, view, path));
      }

      @Override
      public ImageFormat unstatedFormat(Path path) {
        return formatOf(view, path);
      }
    };
  }

  private static ImageFormat formatOf(StoreView view, Path path) {
    return view.bases()
        .findByPath(path)
        .map(base -> base.diskInfo().format())
        .orElse(ImageFormat.QCOW2);
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
