package io.basedisk.domain.image;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import org.jspecify.annotations.Nullable;

/** The format of an image that is written or measured: raw, or qcow2 with its options. */
public sealed interface NewImageFormat {

  /** Raw: the bytes of the disk and nothing else. */
  NewImageFormat RAW = new Raw();

  /** Returns the format that must be known to open the image. */
  ImageFormat format();

  /** Raw: the bytes of the disk and nothing else. */
  record Raw() implements NewImageFormat {

    @Override
    public ImageFormat format() {
      return ImageFormat.RAW;
    }
  }

  /**
   * qcow2 of version 3, with 16-bit refcounts and without extended L2 entries.
   *
   * @param clusterSize the bytes of a cluster: a power of two from 512 to 2 MiB
   * @param compression how to compress its clusters; null to leave them as they are
   */
  record Qcow2(int clusterSize, @Nullable Compression compression) implements NewImageFormat {

    /** The fewest bytes that a cluster can have. */
    public static final int MIN_CLUSTER_SIZE = 512;

    /** The most bytes that a cluster can have. */
    public static final int MAX_CLUSTER_SIZE = 2 << 20;

    /** Clusters of 64 KiB, as in QEMU, not compressed. */
    public static final Qcow2 DEFAULT = new Qcow2(64 << 10, null);

    /**
     * @throws InvalidArgumentException if there is no such cluster size
     */
    public Qcow2 {
      if (Integer.bitCount(clusterSize) != 1
          || clusterSize < MIN_CLUSTER_SIZE
          || clusterSize > MAX_CLUSTER_SIZE) {
        throw new InvalidArgumentException(
            "a cluster size of " + clusterSize + " bytes is not a power of two from 512 to 2M");
      }
    }

    @Override
    public ImageFormat format() {
      return ImageFormat.QCOW2;
    }

    /**
     * Returns the same with another cluster size.
     *
     * @param bytes a power of two from 512 to 2 MiB
     * @throws InvalidArgumentException if it is another number
     */
    public Qcow2 withClusterSize(int bytes) {
      return new Qcow2(bytes, compression);
    }

    /** Returns the same with its clusters compressed. */
    public Qcow2 withCompression(Compression how) {
      return new Qcow2(clusterSize, how);
    }
  }
}
