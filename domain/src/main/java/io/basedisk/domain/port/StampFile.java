package io.basedisk.domain.port;

import io.basedisk.domain.model.StoreStamp;
import java.util.Optional;

/**
 * A file outside the store with the number of the store's last write transaction. It reveals that
 * the store was replaced by an older copy.
 *
 * <p>The file is written in place, in one write, and never synced. After a power cut it may have
 * any earlier value; after a kill it has the last one. Implementations are safe for many threads
 * and processes.
 */
public interface StampFile {

  /** {@return the last stamp; empty if the file is missing or is not a valid stamp} */
  Optional<StoreStamp> read();

  /**
   * Writes a stamp. Creates the file if it is missing.
   *
   * @param stamp the stamp
   */
  void write(StoreStamp stamp);
}
