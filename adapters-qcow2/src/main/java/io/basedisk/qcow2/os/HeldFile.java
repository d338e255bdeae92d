package io.basedisk.qcow2.os;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * A file that is held by what it is, whatever becomes of its name. Closing it again has no effect.
 */
public interface HeldFile extends Closeable {

  /** Returns a path by which this very file can be opened for as long as it is held. */
  Path openable();
}
