package io.basedisk.qcow2.write;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.ClusterGeometry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What kind of qcow2 image to make: always one of version 3 with 16-bit refcounts and without
 * extended L2 entries.
 *
 * @param clusterSize the bytes of a cluster: a power of two from 512 to 2 MiB
 * @param compressed how to compress its clusters; null to leave them as they are
 * @param backingFile the backing file that it names; null for none
 */
public record Qcow2Options(
    int clusterSize, @Nullable Compression compressed, @Nullable BackingFile backingFile) {

  /** Clusters of 64 KiB, as in QEMU; not compressed; no backing file. */
  public static final Qcow2Options DEFAULT = new Qcow2Options(64 << 10, null, null);

  public Qcow2Options {
    if (Integer.bitCount(clusterSize) != 1
        || clusterSize < 1 << ClusterGeometry.MIN_CLUSTER_BITS
        || clusterSize > 1 << ClusterGeometry.MAX_CLUSTER_BITS) {
      throw new InvalidArgumentException(
          "a cluster size of " + clusterSize + " bytes is not a power of two from 512 to 2M");
    }
  }

  /** Returns these options with another cluster size. */
  public Qcow2Options withClusterSize(int bytes) {
    return new Qcow2Options(bytes, compressed, backingFile);
  }

  /** Returns these options with the clusters compressed. */
  public Qcow2Options withCompression(Compression how) {
    return new Qcow2Options(clusterSize, how, backingFile);
  }

  /** Returns these options with a backing file. */
  public Qcow2Options withBackingFile(BackingFile file) {
    return new Qcow2Options(clusterSize, compressed, file);
  }

  ClusterGeometry geometry() {
    return new ClusterGeometry(Integer.numberOfTrailingZeros(clusterSize), false);
  }

  Optional<Compression> compression() {
    return Optional.ofNullable(compressed);
  }
}
