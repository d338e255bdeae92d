package io.basedisk.app;

import io.basedisk.app.wiring.OpenResources;
import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.model.HomeLayout;
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

  @Inject
  RelocatableHome(HomeLayout home, HomeRelocation relocation, OpenResources resources) {
    this.home = home;
    this.relocation = relocation;
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
