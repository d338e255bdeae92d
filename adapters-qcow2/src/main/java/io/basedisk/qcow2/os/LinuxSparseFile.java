package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import java.io.IOException;

/** The holes of a file, as the file system reports them. */
record LinuxSparseFile(Descriptor descriptor, FileStatus status) implements SparseFile {

  @Override
  public FileIdentity identity() {
    return status.identity();
  }

  @Override
  public long dataFrom(long position) throws IOException {
    return position >= status.length()
        ? Long.MAX_VALUE
        : descriptor.dataFrom(position).orElse(Long.MAX_VALUE);
  }

  @Override
  public long holeFrom(long position) throws IOException {
    return descriptor.holeFrom(position);
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
