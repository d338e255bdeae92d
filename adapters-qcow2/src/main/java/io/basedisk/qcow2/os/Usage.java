package io.basedisk.qcow2.os;

/** The ways in which a file is open. */
public enum Usage {
  /** For reading, writing or both. */
  ANY,
  /** For writing, and perhaps for reading too. */
  WRITING
}
