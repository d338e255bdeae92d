package io.basedisk.qcow2.os;

/** In which way somebody has a file open. */
public enum Usage {
  /** For reading, writing or both. */
  ANY,
  /** For writing, and perhaps for reading too. */
  WRITING
}
