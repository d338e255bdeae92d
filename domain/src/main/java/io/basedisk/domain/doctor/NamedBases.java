package io.basedisk.domain.doctor;

import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.StoreView;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;

/** Finds the bases that headers name. Thread-safe. */
final class NamedBases {

  private final HomeLayout home;
  private final BackingChains chains;

  @Inject
  NamedBases(HomeLayout home, BackingChains chains) {
    this.home = home;
    this.chains = chains;
  }

  /**
   * {@return the base whose file an image's header names, recorded or not; empty if it names none}
   *
   * @throws NotFoundException if the image is missing
   * @throws InvalidImageException if the image is not valid, or names a file that is missing or not
   *     a base
   */
  Optional<BaseDiskId> of(StoreView view, Path image) {
    Optional<Path> below = chains.directBacking(image);
    if (below.isEmpty()) {
      return Optional.empty();
    }
    Optional<BaseDiskId> base =
        home.baseIdOf(below.get()).or(() -> view.bases().findByPath(below.get()).map(BaseDisk::id));
    if (base.isEmpty()) {
      throw new InvalidImageException(
          image + ": backs onto " + below.get() + ", which is not a base");
    }
    return base;
  }
}
