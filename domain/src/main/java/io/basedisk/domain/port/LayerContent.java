package io.basedisk.domain.port;

import java.nio.ByteBuffer;

/**
 * The canonical content of a layer's file, open for reading: see {@link
 * io.basedisk.domain.model.artifact.Layer}. It does not change while it is open. Thread-safe.
 */
public interface LayerContent extends AutoCloseable {

  /** {@return the length in bytes} */
  long length();

  /**
   * Fills a buffer.
   *
   * @param at offset of the first byte, 0 or more; the buffer must end within the content
   * @param target the buffer to fill, from its position to its limit
   * @throws io.basedisk.domain.error.StorageException if the file can't be read
   */
  void read(long at, ByteBuffer target);

  /** Closes the file. A second call has no effect. */
  @Override
  void close();
}
