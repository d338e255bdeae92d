package io.basedisk.app.wiring;

import io.basedisk.qcow2.os.OperatingSystem;
import javax.inject.Inject;
import javax.inject.Singleton;

/** The operating system under the standard adapters; looked at when one of them is made. */
@Singleton
final class Host {

  private final OperatingSystem system = OperatingSystem.current();

  @Inject
  Host() {}

  OperatingSystem system() {
    return system;
  }
}
