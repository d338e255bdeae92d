package io.basedisk.domain.testing;

import io.basedisk.domain.port.StampFile;

final class InMemoryStampFileTest extends StampFileContract {

  private final InMemoryStampFile stamp = new InMemoryStampFile();

  @Override
  protected StampFile stamp() {
    return stamp;
  }

  @Override
  protected StampFile stampOfAnotherInstance() {
    return stamp;
  }
}
