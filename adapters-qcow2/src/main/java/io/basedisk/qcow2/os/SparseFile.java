package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;
import java.io.IOException;

/**
 * An open regular file, to find its data and its holes. If the file system does not report holes,
 * all of it is data. Thread-safe. A second close has no effect.
 */
public interface SparseFile extends Closeable {

  /** {@return the identity of the file} */
  FileIdentity identity();

  /**
   * Returns the offset of the next data at or after a position. The position may be beyond the end
   * of the file.
   *
   * @param position the offset to start at, 0 or more
   * @return {@link Long#MAX_VALUE} if no data follows
   * @throws IOException if a system call fails
   */
  long dataFrom(long position) throws IOException;

  /**
   * {@return the offset of the next hole after a position with data; without a hole, the end of the
   * file}
   *
   * @param position the offset to start at, 0 or more
   * @throws IOException if a system call fails
   */
  long holeFrom(long position) throws IOException;
}
