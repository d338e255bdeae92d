package io.basedisk.domain.testing;

import io.basedisk.domain.port.DiskFiles;
import java.nio.file.Path;
import java.util.Optional;

final class InMemoryDisksFilesTest extends DiskFilesContract {

  private static final Path ROOT = Path.of("/files");
  private static final Path ELSEWHERE = Path.of("/elsewhere");

  private final InMemoryDisks disks = new InMemoryDisks().withDirectory(ROOT);

  @Override
  protected DiskFiles files() {
    return disks;
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
  protected void setMode(Path path, int mode) {
    disks.setMode(path, mode);
  }

  @Override
  protected void symlink(Path link, Path target) {
    disks.symlink(link, target);
  }

  @Override
  protected void setOwner(Path file, int owner, int group) {
    disks.setOwner(file, owner, group);
  }

  @Override
  protected boolean canRead(Path file, int user) {
    return disks.canRead(file, user);
  }

  @Override
  protected void setExtendedAttribute(Path file, String name, byte[] value) {
    disks.setExtendedAttribute(file, name, value);
  }

  @Override
  protected Optional<byte[]> extendedAttribute(Path file, String name) {
    return disks.extendedAttribute(file, name);
  }

  @Override
  protected void writeBehindHole(Path file, long hole, byte[] content) {
    byte[] bytes = new byte[Math.toIntExact(hole) + content.length];
    System.arraycopy(content, 0, bytes, Math.toIntExact(hole), content.length);
    disks.writeBytes(file, bytes);
  }

  @Override
  protected Path rootElsewhere() {
    if (disks.status(ELSEWHERE).isEmpty()) {
      disks.mount(ELSEWHERE);
    }
    return ELSEWHERE;
  }
}
