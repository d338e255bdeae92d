package io.basedisk.domain.testing;

import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.util.Optional;

final class InMemoryImageLocksTest extends ImageLocksContract {

  private static final Path ROOT = Path.of("/images");

  private final InMemoryDisks disks = new InMemoryDisks().withDirectory(ROOT);
  private final InMemoryImageLocks imageLocks = new InMemoryImageLocks(disks);

  @Override
  protected ImageLocks imageLocks() {
    return imageLocks;
  }

  @Override
  protected Path root() {
    return ROOT;
  }

  @Override
  protected void write(Path file, byte[] content) {
    disks.writeBytes(file, content);
  }

  @Override
  protected byte[] read(Path file) {
    return disks.readBytes(file);
  }

  @Override
  protected void rename(Path from, Path to) {
    disks.rename(from, to);
  }

  @Override
  protected Optional<Use> use(Path file, User user) {
    return switch (user) {
      case WRITER -> Optional.of(imageLocks.openForWriting(file)::close);
      case READER, LOCKING_READER -> Optional.of(imageLocks.openForReading(file)::close);
      case LOCKING_WRITER -> imageLocks.tryStartVm(file).map(vm -> vm::close);
      case LOCKING_LONE_READER -> imageLocks.tryOpenAlone(file).map(open -> open::close);
    };
  }
}
