package io.basedisk.oci.registry;

import com.google.common.base.Ticker;
import java.time.Duration;

/**
 * Tells when a peer has sent or taken too little for too long. Only the time between {@link #begin}
 * and {@link #pause} counts, so that a slow caller is not taken for a slow peer. Not thread-safe.
 */
final class StallTimer {

  /** Fewer bytes within the limit are a stall too: a peer may send single bytes for years. */
  private static final int MIN_BYTES = 1024;

  private final Ticker ticker;
  private final long limit;
  private long waited;
  private long began;
  private long bytes;

  StallTimer(Ticker ticker, Duration limit) {
    this.ticker = ticker;
    this.limit = limit.toNanos();
    this.began = ticker.read();
  }

  /** Starts to count. */
  void begin() {
    began = ticker.read();
  }

  /** Stops to count, since bytes have moved. */
  void pause(long moved) {
    waited += ticker.read() - began;
    bytes += moved;
    if (bytes >= MIN_BYTES) {
      waited = 0;
      bytes = 0;
    }
  }

  /** Whether the peer has stalled. */
  boolean isOver() {
    return waited + (ticker.read() - began) > limit;
  }
}
