package io.basedisk.domain.testing;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.util.Map;

final class InMemoryDisksImagesTest extends DiskImagesContract {

  private static final Path ROOT = Path.of("/images");

  private final InMemoryDisks disks = new InMemoryDisks().withDirectory(ROOT);

  @Override
  protected DiskImages images() {
    return disks;
  }

  @Override
  protected Path root() {
    return ROOT;
  }

  @Override
  protected boolean exists(Path path) {
    return disks.status(path).isPresent();
  }

  @Override
  protected int mode(Path path) {
    return disks.status(path).orElseThrow().mode();
  }

  @Override
  protected FileIdentity identity(Path path) {
    return disks.status(path).orElseThrow().identity();
  }

  @Override
  protected void writeGarbage(Path path, byte[] content) {
    disks.writeBytes(path, content);
  }

  @Override
  protected void makeDirectory(Path path) {
    disks.createDirectory(path, 0755);
  }

  @Override
  protected void makeLink(Path link, Path target) {
    disks.symlink(link, target);
  }

  @Override
  protected void makeFifo(Path path) {
    disks.makeFifo(path);
  }

  @Override
  protected void writeAsGuest(Path image) {
    disks.guestWrites(image, 0, "x");
  }

  @Override
  protected void writeCluster(ImmutableList<ChainFile> chain, long cluster, String value) {
    disks.guestWrites(chain.get(0).path(), cluster, value);
  }

  @Override
  protected Map<Long, String> readClusters(ImmutableList<ChainFile> chain) {
    return disks.guestReads(chain.get(0).path());
  }
}
