package io.basedisk.qcow2.os;

import java.io.Closeable;
import java.nio.file.Path;

/** A file held by a descriptor, which is independent of its path. A second close has no effect. */
public interface HeldFile extends Closeable {

  /** {@return a path that opens this very file as long as it is held} */
  Path openable();
}
