package io.basedisk.qcow2.os;

import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a descriptor holds, by which nothing of it can be read or changed. */
final class LinuxPinnedFile implements PinnedFile {

  private final Descriptor descriptor;
  private final Path link;
  private final Path realPath;
  private final FileStatus status;

  private LinuxPinnedFile(Descriptor descriptor, Path link, Path realPath, FileStatus status) {
    this.descriptor = descriptor;
    this.link = link;
    this.realPath = realPath;
    this.status = status;
  }

  /** Returns the link by which the system shows what a descriptor leads to, where it does. */
  static Path link(Descriptor descriptor) {
    return Path.of("/proc/self/fd", Integer.toString(descriptor.number()));
  }

  /** Takes over a descriptor; closes it if the system does not say whose it is. */
  static LinuxPinnedFile of(Descriptor descriptor) throws IOException {
    Path link = link(descriptor);
    try {
      return new LinuxPinnedFile(
          descriptor, link, Files.readSymbolicLink(link), descriptor.status());
    } catch (IOException | RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  @Override
  public Path realPath() {
    return realPath;
  }

  @Override
  public FileStatus status() {
    return status;
  }

  @Override
  public Path openable() {
    return link;
  }

  @Override
  public void close() throws IOException {
    descriptor.close();
  }
}
