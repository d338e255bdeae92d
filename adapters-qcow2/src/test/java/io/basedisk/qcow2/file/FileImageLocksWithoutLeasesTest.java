package io.basedisk.qcow2.file;

import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.OperatingSystem;

/** The same if the kernel refuses leases, so that the process table decides. */
class FileImageLocksWithoutLeasesTest extends FileImageLocksTest {

  @Override
  OperatingSystem system() {
    return CrippledSystem.withoutLeases();
  }

  @Override
  UnknownUsePolicy unknownUse() {
    // Other processes may be hidden; the tests' own processes are visible.
    return UnknownUsePolicy.TRUST_CALLER;
  }

  @Override
  protected int rounds() {
    return Repeats.of(2, 5);
  }
}
