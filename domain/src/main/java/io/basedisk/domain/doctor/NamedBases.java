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

/** The bases that headers name. Safe for many threads. */
final class NamedBases {

  private final HomeLayout home;
  private final BackingChains chains;

  @Inject
  NamedBases(HomeLayout home, BackingChains chains) {
    this.home = home;
    this.chains = chains;
  }

  /**
   * Returns the base whose file an image's header names, recorded or not; empty if it names none.
   *
   * @throws NotFoundException if the image is not there
   * @throws InvalidImageException if the image is not valid, or names a file that is missing or is
   *     no base
   */
  Optional<BaseDiskId> of(StoreView view, Path image) {
    Optional<Path> below = chains.directBacking(image);
    if (below.isEmpty()) {
      return Optional.empty();
    }
    Optional<BaseDiskId> base =
        home.baseIdOf(below.get()).or(() -> view.bases().findByPath(below.get()).map(BaseDisk::id));
    if (base.isEmpty()) {
      throw new InvalidImageException(image + ": stands on " + below.get() + ", which is no base");
    }
    return base;
  }
}
