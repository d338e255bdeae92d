package io.basedisk.app;

import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.Ports;
import javax.inject.Inject;

/**
 * A home that is open to be relocated, and for nothing else: it may have been moved or copied, so
 * that {@link BaseDisks} would not change it. Nothing in it is settled. Close it when it is not
 * used any more.
 */
public final class RelocatableHome implements AutoCloseable {

  private final HomeLayout home;
  private final HomeRelocation relocation;
  private final OpenResources resources;

  /**
   * @param store the store itself, which does not ask whether the home may be changed
   */
  @Inject
  RelocatableHome(HomeLayout home, BaseDiskStore store, Ports ports, OpenResources resources) {
    this.home = home;
    this.relocation =
        new HomeRelocation(
            store,
            ports.stamp(),
            home,
            ports.files(),
            ports.images(),
            ports.imageLocks(),
            ports.locks(),
            ports.random());
    this.resources = resources;
  }

  /** Returns where everything is in this home now. */
  public HomeLayout home() {
    return home;
  }

  /** Returns the use case. */
  public HomeRelocation relocation() {
    return relocation;
  }

  /**
   * Closes what was opened with this object; replacements that the builder was given stay open. To
   * close it again has no effect.
   */
  @Override
  public void close() {
    resources.close();
  }
}
