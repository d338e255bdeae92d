package io.basedisk.domain.port;

/** A new file that takes the content of a layer. Not thread-safe. */
public interface NewLayer extends LayerSink, AutoCloseable {

  /**
   * Gives the file its whole length, zeros at its end included. Call it after the last byte.
   *
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   */
  void complete();

  /** Closes the file. A second call has no effect. */
  @Override
  void close();
}
