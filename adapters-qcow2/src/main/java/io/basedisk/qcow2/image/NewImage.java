package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.BackingFile;
import io.basedisk.qcow2.format.BackingFormatExtension;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FeatureBits;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HeaderExtensions;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.RefcountBlock;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A new, empty image, with the same layout and length as QEMU's: the header, one cluster of
 * refcount table, one refcount block, and the L1 table. The file ends after the last L1 entry.
 * Zeros are not written, so the file occupies four blocks of its file system.
 *
 * <p>Specification: "Header", "Host cluster management", "Cluster mapping".
 */
public final class NewImage {

  private static final ClusterGeometry GEOMETRY = new ClusterGeometry(16, false);
  private static final HostOffset REFCOUNT_TABLE = GEOMETRY.clusterOffset(1);
  private static final HostOffset REFCOUNT_BLOCK = GEOMETRY.clusterOffset(2);
  private static final long L1_CLUSTER = 3;
  private static final int REFCOUNT_ORDER = 4;
  private static final int HEADER_LENGTH = 112;

  private final Path path;
  private final Header header;
  private final ByteBuffer headerBytes;

  /**
   * Checks the size and the backing file, and encodes the header.
   *
   * @param path path of the new image; no file may exist there
   * @param virtualSize virtual size in bytes, a multiple of 512
   * @param backing the backing file; null for none
   * @throws InvalidArgumentException if the format or its limits do not allow them
   */
  public NewImage(Path path, long virtualSize, @Nullable BackingFile backing) {
    this.path = path;
    check(virtualSize, backing);
    this.header = header(virtualSize, backing);
    try {
      this.headerBytes = header.encode();
    } catch (FormatException e) {
      throw new InvalidArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  private void check(long virtualSize, @Nullable BackingFile backing) {
    if (virtualSize < ClusterGeometry.SECTOR_SIZE
        || virtualSize % ClusterGeometry.SECTOR_SIZE != 0) {
      throw new InvalidArgumentException(
          path + ": a virtual size of " + virtualSize + " bytes is not a multiple of 512");
    }
    if (GEOMETRY.l1Entries(virtualSize) * Long.BYTES > Header.MAX_L1_BYTES) {
      throw new InvalidArgumentException(
          path + ": a virtual size of " + virtualSize + " bytes is more than the format can have");
    }
    if (backing != null) {
      int length = backing.name().getBytes(StandardCharsets.UTF_8).length;
      if (length < 1 || length > BackingFile.MAX_NAME_BYTES) {
        throw new InvalidArgumentException(
            path + ": a backing file name has 1 to 1023 bytes, not " + length);
      }
    }
  }

  private static Header header(long virtualSize, @Nullable BackingFile backing) {
    HeaderExtensions extensions =
        backing == null || backing.format() == null
            ? HeaderExtensions.NONE
            : new HeaderExtensions(ImmutableList.of(new BackingFormatExtension(backing.format())));
    return new Header(
        3,
        GEOMETRY,
        virtualSize,
        (int) GEOMETRY.l1Entries(virtualSize),
        GEOMETRY.clusterOffset(L1_CLUSTER),
        1,
        REFCOUNT_TABLE,
        0,
        HostOffset.NOWHERE,
        FeatureBits.NONE,
        REFCOUNT_ORDER,
        HEADER_LENGTH,
        CompressionType.ZLIB,
        extensions,
        backing == null ? null : backing.name());
  }

  /**
   * Creates the file. A symbolic link in the path is an error. If this fails, it removes the file.
   * If the process dies, the incomplete file is not a valid image, because the header is written
   * last.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if the path exists
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   */
  public void create() {
    create(OperatingSystem.current());
  }

  /**
   * Creates the file with the given system calls, like {@link #create()} otherwise.
   *
   * @param system the system calls to use
   */
  public void create(OperatingSystem system) {
    ImageFile file = ImageFile.create(path, system);
    try (file) {
      write(file);
    } catch (RuntimeException e) {
      ImageFile.removeIncomplete(path, system, e);
      throw e;
    }
  }

  private void write(ImageFile file) {
    file.write(REFCOUNT_BLOCK, refcounts());
    file.write(REFCOUNT_TABLE, entry(REFCOUNT_BLOCK));
    file.write(header.l1Table().plus(header.l1Bytes() - Long.BYTES), entry(HostOffset.NOWHERE));
    file.write(HostOffset.NOWHERE, headerBytes.duplicate());
  }

  /** {@return the start of the refcount block: the refcount 1 for each cluster of the file} */
  private ByteBuffer refcounts() {
    int clusters = (int) (L1_CLUSTER + GEOMETRY.clusters(header.l1Bytes()));
    ByteBuffer bytes = ByteBuffer.allocate(clusters * Short.BYTES);
    RefcountBlock block = new RefcountBlock(bytes, REFCOUNT_ORDER);
    for (int i = 0; i < clusters; i++) {
      block.set(i, 1);
    }
    return bytes;
  }

  private static ByteBuffer entry(HostOffset offset) {
    return ByteBuffer.allocate(Long.BYTES).putLong(offset.bytes()).flip();
  }
}
