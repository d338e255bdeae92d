package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileIdentity;
import java.io.IOException;

/** The sharing of blocks that some Linux file systems have: XFS and Btrfs, say. */
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
