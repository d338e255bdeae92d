package io.basedisk.domain.port;

import io.basedisk.domain.model.StoreStamp;
import java.util.Optional;

/**
 * The number of the store's last write transaction, kept in a file of the home outside of the
 * store: it tells an older copy of the store from the current one.
 *
 * <p>It is written in place, in one write, and never synced: a power cut may take it back to any
 * earlier value, but a process that is killed leaves what it wrote last. Implementations are safe
 * for many threads and many processes.
 */
public interface StampFile {

  /** Returns what was written last; empty if nothing was, or the file is no stamp. */
  Optional<StoreStamp> read();

  /** Writes a stamp, and makes the file first if there is none. */
  void write(StoreStamp stamp);
}
