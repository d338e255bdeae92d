package io.basedisk.qcow2.write;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.Compression;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.BackingFormatExtension;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FeatureBits;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HeaderExtensions;
import io.basedisk.qcow2.format.HostOffset;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The header of a new image, without the positions of its tables.
 *
 * <p>Specification: "Header", "Additional fields", "Header extensions".
 */
record NewHeader(long virtualSize, Qcow2Options options) {

  private static final int LENGTH = 112;

  /**
   * Checks the size and the options.
   *
   * @throws InvalidArgumentException if the format or its limits do not allow them
   */
  static NewHeader of(Path path, long virtualSize, Qcow2Options options) {
    try {
      NewHeader header = new NewHeader(virtualSize, options);
      header.check();
      header.encode(new Layout.Tables(HostOffset.NOWHERE, HostOffset.NOWHERE, 0));
      return header;
    } catch (FormatException e) {
      throw new InvalidArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  private void check() throws FormatException {
    if (virtualSize < 0 || virtualSize % ClusterGeometry.SECTOR_SIZE != 0) {
      throw new FormatException(
          "a virtual size of " + virtualSize + " bytes is not a multiple of 512");
    }
    if (options.geometry().l1Entries(virtualSize) * Long.BYTES > Header.MAX_L1_BYTES) {
      throw new FormatException(
          "a virtual size of "
              + virtualSize
              + " bytes is more than an image with clusters of "
              + options.clusterSize()
              + " bytes can have");
    }
    String backing = backingName();
    int length = backing == null ? 1 : backing.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > BackingFile.MAX_NAME_BYTES) {
      throw new FormatException("a backing file name has 1 to 1023 bytes, not " + length);
    }
  }

  int l1Entries() {
    return (int) options.geometry().l1Entries(virtualSize);
  }

  /** {@return the header's bytes} */
  ByteBuffer encode(Layout.Tables tables) throws FormatException {
    CompressionType compression =
        options.compression().map(Compression::type).orElse(CompressionType.ZLIB);
    return new Header(
            3,
            options.geometry(),
            virtualSize,
            l1Entries(),
            tables.l1(),
            tables.refcountTableClusters(),
            tables.refcountTable(),
            0,
            HostOffset.NOWHERE,
            compression == CompressionType.ZLIB
                ? FeatureBits.NONE
                : FeatureBits.NONE.with(Feature.COMPRESSION_TYPE),
            HostClusters.REFCOUNT_ORDER,
            LENGTH,
            compression,
            extensions(),
            backingName())
        .encode();
  }

  private @Nullable String backingName() {
    BackingFile backing = options.backingFile();
    return backing == null ? null : backing.name();
  }

  private HeaderExtensions extensions() {
    BackingFile backing = options.backingFile();
    return backing == null || backing.format() == null
        ? HeaderExtensions.NONE
        : new HeaderExtensions(ImmutableList.of(new BackingFormatExtension(backing.format())));
  }
}
