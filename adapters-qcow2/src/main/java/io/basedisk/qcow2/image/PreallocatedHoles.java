package io.basedisk.qcow2.image;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.format.RefcountGeometry;
import io.basedisk.qcow2.format.RefcountTableEntry;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The holes of an image with preallocated clusters. Like QEMU, this looks for holes only in an
 * image that seems to be preallocated: one with clearly more clusters in use than its file
 * occupies. The map of an image depends on that. Thread-safe.
 */
final class PreallocatedHoles implements AutoCloseable {

  /** Limit of bytes to read from refcount blocks that lie in holes of the file. */
  private static final int GRACE = 8 << 20;

  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final Holes holes;

  @GuardedBy("this")
  private @Nullable Boolean preallocated;

  PreallocatedHoles(ImageFile file, Header header, Holes holes) {
    this.file = file;
    this.header = header;
    this.geometry = header.geometry();
    this.holes = holes;
  }

  /** {@return the part that begins at a position, like {@link Holes#partAt}} */
  Holes.Part partAt(long position, long limit) {
    return isPreallocated() ? holes.partAt(position, limit) : new Holes.Part(limit, false);
  }

  private synchronized boolean isPreallocated() {
    if (preallocated == null) {
      preallocated = holes.arePossible() && hasMoreClustersThanItOccupies();
    }
    return preallocated;
  }

  private boolean hasMoreClustersThanItOccupies() {
    long occupied = holes.allocatedBytes() / geometry.clusterSize();
    long wanted = Math.max(occupied * 10 / 9, occupied + 2);
    long clusters = geometry.clusters(file.length());
    return clusters >= wanted && countUsed(clusters, wanted) >= wanted;
  }

  /**
   * Counts clusters in use, up to {@code wanted}; 0 if a refcount block is at an invalid offset.
   */
  private long countUsed(long clusters, long wanted) {
    int perBlock =
        new RefcountGeometry(geometry.clusterBits(), header.refcountOrder()).blockEntries();
    // A hostile file can have any number of blocks in holes.
    long budget = holes.allocatedBytes() + GRACE;
    long used = 0;
    for (long first = 0; first < clusters && used < wanted; first += perBlock) {
      HostOffset block = block(first / perBlock);
      if (!geometry.mayBeCluster(block) || budget < 0) {
        return 0;
      }
      if (!block.isNowhere()) {
        used += countUsed(block, (int) Math.min(perBlock, clusters - first));
        budget -= geometry.clusterSize();
      }
    }
    return used;
  }

  private HostOffset block(long index) {
    long entries = (long) header.refcountTableClusters() * geometry.clusterSize() / Long.BYTES;
    return index < entries
        ? new RefcountTableEntry(
                file.read(header.refcountTable().plus(index * Long.BYTES), Long.BYTES).getLong())
            .block()
        : HostOffset.NOWHERE;
  }

  private int countUsed(HostOffset at, int count) {
    ByteBuffer bytes = file.read(at, geometry.clusterSize());
    RefcountBlock block = new RefcountBlock(bytes, header.refcountOrder());
    int used = 0;
    for (int i = 0; i < count; i++) {
      used += block.get(i) == 0 ? 0 : 1;
    }
    return used;
  }

  @Override
  public void close() {
    holes.close();
  }
}
