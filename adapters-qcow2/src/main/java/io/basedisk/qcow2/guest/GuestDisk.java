package io.basedisk.qcow2.guest;

import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Feature;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.ImageMetadata;
import io.basedisk.qcow2.image.WritableChain;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk opened for reading and writing, as a guest has it. Writes go to the top file of the chain.
 * It plays the virtual machine in the demonstration and in tests.
 *
 * <p>The caller ensures that no other process, QEMU included, has the top file open or writes to
 * the other files. The top file must have version 3, 16-bit refcounts, standard L2 entries, no
 * internal snapshots, no bitmaps and no corruption. Compressed and shared clusters can be read but
 * not written.
 *
 * <p>As with a real disk, a write is durable after {@link #flush} or {@link #close}. A crash loses
 * the writes since the last flush, and can leak clusters; it leaves no other damage. Thread-safe;
 * calls wait for each other.
 */
public final class GuestDisk implements AutoCloseable {

  private static final int REFCOUNT_BITS = 16;

  private final WritableChain chain;
  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final WriteBackTables tables;
  private final HostAllocator allocator;
  private boolean closed;

  private GuestDisk(
      WritableChain chain,
      ImageFile file,
      Header header,
      WriteBackTables tables,
      HostAllocator allocator) {
    this.chain = chain;
    this.file = file;
    this.header = header;
    this.geometry = header.geometry();
    this.tables = tables;
    this.allocator = allocator;
  }

  /**
   * Opens a disk.
   *
   * @param layers as for {@link DiskImage#open}; writes go to the first one
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if a file does not exist
   * @throws InvalidImageException if a file is not a valid image, or the first one can't be written
   *     in place
   * @throws InvalidArgumentException as for {@link DiskImage#open}, or if the first one is raw
   * @throws io.basedisk.domain.error.StorageException if a file can't be opened
   */
  public static GuestDisk open(List<LayerFile> layers) {
    LayerFile top = layers.get(0);
    if (top.format() != ImageFormat.QCOW2) {
      throw new InvalidArgumentException(
          top.path() + ": only qcow2 images can be written as a guest");
    }
    ImageFile file = ImageFile.openToWrite(top.path());
    try {
      Header header = ImageMetadata.readHeader(file);
      requireWritable(file, header);
      WriteBackTables tables = new WriteBackTables(file, header);
      HostAllocator allocator = new HostAllocator(file, header);
      return new GuestDisk(
          WritableChain.open(file, header, tables, layers), file, header, tables, allocator);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void requireWritable(ImageFile file, Header header) {
    ImmutableMap<String, Boolean> obstacles =
        ImmutableMap.<String, Boolean>builder()
            .put("version 2", header.version() < 3)
            .put(header.refcountBits() + "-bit refcounts", header.refcountBits() != REFCOUNT_BITS)
            .put("extended L2 entries", header.geometry().extendedL2())
            .put("internal snapshots", header.snapshots() != 0)
            .put("the dirty bit", header.features().has(Feature.DIRTY))
            .put("the corrupt bit", header.features().has(Feature.CORRUPT))
            .put("bitmaps", header.bitmaps().isPresent())
            .put("unknown autoclear features", unknownAutoclear(header))
            .buildOrThrow();
    obstacles.forEach(
        (name, there) -> {
          if (there) {
            throw new InvalidImageException(
                file.path() + ": an image with " + name + " can't be written in place");
          }
        });
  }

  private static boolean unknownAutoclear(Header header) {
    return header.features().unknown(Feature.Kind.AUTOCLEAR) != 0;
  }

  // Reading.

  /** {@return the size of the disk in bytes} */
  public long virtualSize() {
    return chain.virtualSize();
  }

  /**
   * Reads bytes of the disk like {@link DiskImage#read}, including unflushed writes.
   *
   * @param offset guest offset of the first byte
   * @param target the buffer to fill, from its position to its limit
   * @return number of bytes read; 0 at or after the end of the disk
   */
  public synchronized int read(long offset, ByteBuffer target) {
    return chain.read(offset, target);
  }

  // Writing.

  /**
   * Writes the remaining bytes of {@code source} to the disk.
   *
   * @param offset guest offset of the first byte
   * @param source the bytes to write, from its position to its limit
   * @throws IllegalArgumentException if the range is not within the disk
   * @throws InvalidImageException if a cluster can't be written in place
   * @throws io.basedisk.domain.error.StorageException if the file can't be written
   */
  public synchronized void write(long offset, ByteBuffer source) {
    if (offset < 0 || offset > virtualSize() - source.remaining()) {
      throw new IllegalArgumentException(
          source.remaining() + " bytes at " + offset + " are not within the disk");
    }
    GuestOffset at = new GuestOffset(offset);
    while (source.hasRemaining()) {
      int inCluster = geometry.clusterSize() - geometry.offsetInCluster(at);
      int count = Math.min(source.remaining(), inCluster);
      try {
        writeInCluster(at, source.slice(source.position(), count));
      } catch (FormatException e) {
        throw file.invalid(e);
      }
      source.position(source.position() + count);
      at = at.plus(count);
    }
  }

  private void writeInCluster(GuestOffset at, ByteBuffer source) throws FormatException {
    HostOffset table = l2TableFor(at);
    int index = geometry.l2Index(at);
    L2Entry entry = tables.l2(table, index);
    ClusterDescriptor descriptor = entry.descriptor(geometry, header.version());
    if (descriptor instanceof ClusterDescriptor.Compressed) {
      throw new FormatException("compressed clusters can't be written in place");
    }
    if (descriptor instanceof ClusterDescriptor.Standard standard) {
      requireOwn(entry.isCopied(), "data cluster", standard.host());
      file.write(standard.host().plus(geometry.offsetInCluster(at)), source);
      return;
    }
    ByteBuffer whole = wholeCluster(at, source);
    HostOffset host = hostFor(entry, descriptor);
    file.write(host, whole);
    tables.setL2(table, index, L2Entry.copied(host));
  }

  private HostOffset hostFor(L2Entry entry, ClusterDescriptor descriptor) throws FormatException {
    if (descriptor instanceof ClusterDescriptor.Zero zero && !zero.host().isNowhere()) {
      requireOwn(entry.isCopied(), "preallocated cluster", zero.host());
      return zero.host();
    }
    return allocator.allocate();
  }

  /** {@return the content of the whole cluster of {@code at}, with {@code source} applied} */
  private ByteBuffer wholeCluster(GuestOffset at, ByteBuffer source) {
    if (source.remaining() == geometry.clusterSize()) {
      return source;
    }
    ByteBuffer whole = ByteBuffer.allocate(geometry.clusterSize());
    chain.read(geometry.clusterStart(at).bytes(), whole);
    return whole.clear().put(geometry.offsetInCluster(at), source, 0, source.remaining());
  }

  private HostOffset l2TableFor(GuestOffset at) throws FormatException {
    int index = geometry.l1Index(at);
    L1Entry entry = tables.l1(index);
    if (!entry.l2Table().isNowhere()) {
      requireOwn(entry.isCopied(), "L2 table", entry.l2Table());
      return entry.l2Table();
    }
    HostOffset table = allocator.allocate();
    file.write(table, ByteBuffer.allocate(geometry.clusterSize()));
    tables.setL1(index, L1Entry.copied(table));
    return table;
  }

  private void requireOwn(boolean copied, String what, HostOffset at) throws FormatException {
    new FileBounds(file.length(), geometry).requireCluster(what, at);
    if (!copied) {
      throw new FormatException(what + " at " + at + " is shared and can't be written in place");
    }
  }

  /** Makes all writes durable. */
  public synchronized void flush() {
    tables.flush();
  }

  /** Makes all writes durable and closes the files. A second call has no effect. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (chain) {
      tables.flush();
    }
  }
}
