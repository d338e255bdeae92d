package io.basedisk.qcow2.os;

import java.io.IOException;
import java.nio.file.Path;

/** A file held by a descriptor. */
record LinuxHeldFile(Descriptor descriptor, Path openable) implements HeldFile {

  /** {@return the link in {@code /proc} to the file of a descriptor} */
  static Path link(Descriptor descriptor) {
    return Path.of("/proc/self/fd", Integer.toString(descriptor.number()));
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
