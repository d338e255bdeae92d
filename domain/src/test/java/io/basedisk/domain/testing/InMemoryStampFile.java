package io.basedisk.domain.testing;

import io.basedisk.domain.model.StoreStamp;
import io.basedisk.domain.port.StampFile;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A stamp in memory. It is no file, so that the power cuts of a test need not be tried on it. */
public final class InMemoryStampFile implements StampFile {

  private final AtomicReference<StoreStamp> stamp = new AtomicReference<>();

  /** Makes one that was never written. */
  public InMemoryStampFile() {}

  /** Returns a stamp of its own that starts as what this one is now. */
  public InMemoryStampFile copy() {
    InMemoryStampFile copy = new InMemoryStampFile();
    copy.stamp.set(stamp.get());
    return copy;
  }

  /** Loses the stamp. */
  public void lose() {
    stamp.set(null);
  }

  @Override
  public Optional<StoreStamp> read() {
    return Optional.ofNullable(stamp.get());
  }

  @Override
  public void write(StoreStamp written) {
    stamp.set(written);
  }
}
