package io.basedisk.app.wiring;

import io.basedisk.qcow2.os.OperatingSystem;
import javax.inject.Inject;
import javax.inject.Singleton;

/**
 * The operating system for the standard adapters. It is detected when the first of them is created.
 */
@Singleton
final class Host {

  private final OperatingSystem system = OperatingSystem.current();

  @Inject
  Host() {}

  OperatingSystem system() {
    return system;
  }
}
