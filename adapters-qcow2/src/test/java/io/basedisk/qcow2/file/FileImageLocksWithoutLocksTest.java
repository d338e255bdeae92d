package io.basedisk.qcow2.file;

import io.basedisk.domain.model.UnknownUsePolicy;
import io.basedisk.domain.testing.Repeats;
import io.basedisk.qcow2.os.CrippledSystem;
import io.basedisk.qcow2.os.OperatingSystem;

/** The same without locks, with a trusted caller. */
class FileImageLocksWithoutLocksTest extends FileImageLocksTest {

  @Override
  OperatingSystem system() {
    return CrippledSystem.withoutLocks();
  }

  @Override
  UnknownUsePolicy unknownUse() {
    return UnknownUsePolicy.TRUST_CALLER;
  }

  @Override
  protected boolean supports(Feature feature) {
    return feature == Feature.OPEN_FILES;
  }

  @Override
  protected int rounds() {
    return Repeats.of(2, 5);
  }
}
