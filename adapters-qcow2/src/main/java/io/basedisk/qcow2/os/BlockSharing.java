package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.Closeable;

/**
 * Two files, of which one takes over content of the other by sharing its blocks: nothing is copied,
 * and what is written to either later is not seen in the other. Safe for many threads; to close it
 * again has no effect.
 */
public interface BlockSharing extends Closeable {

  /** Returns which file the content comes from. */
  FileIdentity source();

  /**
   * Makes a part of the target share the blocks of a part of the source.
   *
   * @return false if they can't, for whatever reason: that the file system has no such thing, that
   *     they are not on the same one, that a position or the length is no multiple of its block. A
   *     copy will meet an error that lasts. Some of the part may be shared nevertheless.
   */
  boolean share(long from, long to, long length);
}
