package io.basedisk.domain.image;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import org.jspecify.annotations.Nullable;

/** The format of a new image: raw, or qcow2 with its options. */
public sealed interface NewImageFormat {

  /** Raw: the bytes of the disk and nothing else. */
  NewImageFormat RAW = new Raw();

  /** {@return the image format, which a caller needs to open the image} */
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
   * @param clusterSize cluster size in bytes: a power of two from 512 to 2 MiB
   * @param compression compression of the clusters; null for none
   */
  record Qcow2(int clusterSize, @Nullable Compression compression) implements NewImageFormat {

    /** Smallest cluster size in bytes. */
    public static final int MIN_CLUSTER_SIZE = 512;

    /** Largest cluster size in bytes. */
    public static final int MAX_CLUSTER_SIZE = 2 << 20;

    /** Clusters of 64 KiB, as in QEMU, not compressed. */
    public static final Qcow2 DEFAULT = new Qcow2(64 << 10, null);

    /**
     * Checks the values.
     *
     * @param clusterSize see {@link #clusterSize}
     * @param compression see {@link #compression}
     * @throws InvalidArgumentException if the format does not allow the cluster size
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
     * {@return this format with another cluster size}
     *
     * @param bytes a power of two from 512 to 2 MiB
     * @throws InvalidArgumentException if {@code bytes} is any other number
     */
    public Qcow2 withClusterSize(int bytes) {
      return new Qcow2(bytes, compression);
    }

    /**
     * {@return this format with compression}
     *
     * @param how the compression
     */
    public Qcow2 withCompression(Compression how) {
      return new Qcow2(clusterSize, how);
    }
  }
}
