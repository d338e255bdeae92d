package io.basedisk.qcow2.file;

import io.basedisk.domain.model.WhenLocksCantBeAsked;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.OperatingSystem;

/** The same where the kernel gives no lease, and the table of processes has to do. */
class FileImageLocksWithoutLeasesTest extends FileImageLocksTest {

  @Override
  OperatingSystem system() {
    return CrippledSystem.withoutLeases();
  }

  @Override
  WhenLocksCantBeAsked otherwise() {
    // There may be processes that can't be seen into: those of the tests can.
    return WhenLocksCantBeAsked.TRUST_CALLER;
  }

  @Override
  protected int rounds() {
    return Repeats.of(2, 5);
  }
}
