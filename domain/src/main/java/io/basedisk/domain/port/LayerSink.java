package io.basedisk.domain.port;

import java.nio.ByteBuffer;

/**
 * Takes the canonical content of a layer from its start to its end. Ranges of zeros become holes.
 * Not thread-safe.
 */
public interface LayerSink {

  /**
   * Takes the next bytes.
   *
   * @param source the bytes, from its position to its limit
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   */
  void write(ByteBuffer source);
}
