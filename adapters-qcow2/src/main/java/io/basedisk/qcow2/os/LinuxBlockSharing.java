package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.IOException;

/** Block sharing on Linux file systems that support it, such as XFS and Btrfs. */
record LinuxBlockSharing(Descriptor from, FileIdentity source, Descriptor to)
    implements BlockSharing {

  @Override
  public boolean share(long fromPosition, long toPosition, long length) {
    return to.cloneRange(from, fromPosition, length, toPosition);
  }

  @Override
  public void close() throws IOException {
    try (from) {
      to.close();
    }
  }
}
