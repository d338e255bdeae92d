package io.basedisk.qcow2.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file held by a descriptor. */
record LinuxHeldFile(Descriptor descriptor, Path openable) implements HeldFile {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /**
   * {@return the file of a descriptor}
   *
   * @param path the path by which it was opened
   */
  static LinuxHeldFile of(Descriptor descriptor, Path path) {
    return new LinuxHeldFile(descriptor, openable(descriptor, path));
  }

  /**
   * {@return a path that opens the descriptor's very file} Without {@code /proc}, this is the
   * original path, which may name another file by then.
   */
  static Path openable(Descriptor descriptor, Path path) {
    return Proc.IS_THERE ? DESCRIPTORS.resolve(Integer.toString(descriptor.number())) : path;
  }

  /** Checked once, on first use. */
  private static final class Proc {
    static final boolean IS_THERE = Files.isDirectory(DESCRIPTORS);
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
