package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;
import java.io.IOException;

/**
 * A regular file that is asked where it has data and where holes, which read as zeros. Where that
 * can't be told, all of it is data. Safe for many threads; to close it again has no effect.
 */
public interface SparseFile extends Closeable {

  /** Returns which file it is. */
  FileIdentity identity();

  /**
   * Returns where data begins, at or behind a position, which may be behind the end of the file.
   *
   * @return {@link Long#MAX_VALUE} if none does
   */
  long dataFrom(long position) throws IOException;

  /** Returns where a hole begins, behind a position that has data; if none does, the file's end. */
  long holeFrom(long position) throws IOException;
}
