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
 * An image in which nothing is allocated yet, laid out and as long as QEMU makes it: the header,
 * one cluster of refcount table, one refcount block, and the L1 table, after whose last entry the
 * file ends. What is zero of it is never written, so it occupies four blocks of its file system.
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
   * Settles what the image will be.
   *
   * @param virtualSize its bytes, a multiple of 512
   * @param backing its backing file; null for none
   * @throws InvalidArgumentException if there is no such image
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
            path + ": a backing file name of " + length + " bytes is not possible: 1 to 1023 are");
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
   * Makes the file; a symbolic link on the way to it is an error. If it fails, there is none; if
   * the process dies, what there is of it is no image, since the header comes last.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if something is there
   * @throws io.basedisk.domain.error.StorageException if it can't be written
   */
  public void create() {
    create(OperatingSystem.current());
  }

  /** Makes the file with certain calls, otherwise as {@link #create()} does. */
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

  /** Returns the start of the refcount block: 1 for each cluster that there is. */
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
