package io.basedisk.qcow2.write;

import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.NewImageFormat;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.ClusterGeometry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Options of a new qcow2 image.
 *
 * @param format cluster size and compression
 * @param backingFile the backing file; null for none
 */
public record Qcow2Options(NewImageFormat.Qcow2 format, @Nullable BackingFile backingFile) {

  /** Clusters of 64 KiB, as in QEMU; not compressed; no backing file. */
  public static final Qcow2Options DEFAULT = of(NewImageFormat.Qcow2.DEFAULT);

  /**
   * {@return the options of an image without a backing file}
   *
   * @param format the format and its settings
   */
  public static Qcow2Options of(NewImageFormat.Qcow2 format) {
    return new Qcow2Options(format, null);
  }

  /**
   * {@return these options with another cluster size}
   *
   * @param bytes the new cluster size in bytes
   * @throws io.basedisk.domain.error.InvalidArgumentException if the format does not allow that
   *     cluster size
   */
  public Qcow2Options withClusterSize(int bytes) {
    return new Qcow2Options(format.withClusterSize(bytes), backingFile);
  }

  /**
   * {@return these options with compression}
   *
   * @param how the compression
   */
  public Qcow2Options withCompression(Compression how) {
    return new Qcow2Options(format.withCompression(how), backingFile);
  }

  /**
   * {@return these options with a backing file}
   *
   * @param file the backing file
   */
  public Qcow2Options withBackingFile(BackingFile file) {
    return new Qcow2Options(format, file);
  }

  /** {@return the cluster size in bytes} */
  public int clusterSize() {
    return format.clusterSize();
  }

  /** {@return the compression; empty for uncompressed clusters} */
  public Optional<Compression> compression() {
    return Optional.ofNullable(format.compression());
  }

  ClusterGeometry geometry() {
    return new ClusterGeometry(Integer.numberOfTrailingZeros(clusterSize()), false);
  }
}
