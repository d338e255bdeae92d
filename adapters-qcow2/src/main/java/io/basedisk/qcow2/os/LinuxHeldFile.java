package io.basedisk.qcow2.os;

import java.io.IOException;
import java.nio.file.Path;

/** A file that a descriptor holds. */
record LinuxHeldFile(Descriptor descriptor, Path openable) implements HeldFile {

  /** Returns the link by which the system shows what a descriptor leads to, where it does. */
  static Path link(Descriptor descriptor) {
    return Path.of("/proc/self/fd", Integer.toString(descriptor.number()));
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
