package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;

/**
 * Block sharing from a source file to a target file. No content is copied, and a later write to one
 * file does not change the other. Thread-safe. A second close has no effect.
 */
public interface BlockSharing extends Closeable {

  /** {@return the identity of the source file} */
  FileIdentity source();

  /**
   * Makes a part of the target share the blocks of a part of the source.
   *
   * @param from offset in the source
   * @param to offset in the target
   * @param length length of the part in bytes
   * @return false if sharing fails for any reason: the file system can't share blocks, the files
   *     are on different file systems, or a range is not aligned to blocks. A part of the range may
   *     be shared nevertheless. If the reason is an I/O error that persists, a copy of the range
   *     reports it.
   */
  boolean share(long from, long to, long length);
}
