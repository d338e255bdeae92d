package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;

/** A file whose holes are unknown: all of it counts as data. */
record PortableSparseFile(FileStatus status) implements SparseFile {

  @Override
  public FileIdentity identity() {
    return status.identity();
  }

  @Override
  public long dataFrom(long position) {
    return position >= status.length() ? Long.MAX_VALUE : position;
  }

  @Override
  public long holeFrom(long position) {
    return status.length();
  }

  @Override
  public void close() {}
}
