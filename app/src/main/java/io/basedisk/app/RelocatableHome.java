package io.basedisk.app;

import io.basedisk.app.wiring.OpenResources;
import io.basedisk.domain.home.HomeRelocation;
import io.basedisk.domain.model.HomeLayout;
import javax.inject.Inject;

/**
 * A home that is open for a relocation only. {@link BaseDisks} does not change a home that was
 * moved or copied; this can. It settles no operation. Close it after use.
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

  /** {@return the present layout of this home: the paths of its parts} */
  public HomeLayout home() {
    return home;
  }

  /** {@return the relocation} */
  public HomeRelocation relocation() {
    return relocation;
  }

  /** Closes this object. The builder's replacements stay open. A second close has no effect. */
  @Override
  public void close() {
    resources.close();
  }
}
