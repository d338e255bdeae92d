package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.domain.image.LayerInfo;
import io.basedisk.domain.image.RawImageInfo;
import io.basedisk.domain.image.SnapshotChoice;
import io.basedisk.domain.model.ChainFile;
import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.ImageFormat;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A read-only view of a disk as its guest sees it, through its backing chain.
 *
 * <p>The files must not change while this is open; to read a disk that is written to, use {@link
 * WritableChain}. Opening reads the header of each file. Memory is bounded, independent of the size
 * of the disk and the length of the chain.
 *
 * <p>Thread-safe, and reads do not wait for each other. An interrupt does not end a read; it stays
 * pending.
 */
public final class DiskImage implements AutoCloseable {

  private final Chain chain;
  private final ResolvedChain resolved;
  private volatile boolean closed;

  private DiskImage(Chain chain) {
    this.chain = chain;
    this.resolved = new ResolvedChain(chain);
  }

  // Opening.

  /**
   * Opens a qcow2 image with the backing files that the headers name, as far as {@code policy}
   * allows them. With {@link OpenPolicy#nothing}, only an image without a backing file can be
   * opened.
   *
   * @param image the image; a relative backing file name is relative to the directory of this path,
   *     without resolving links
   * @param policy which backing files may be opened
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.NotFoundException if the image does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is missing, is not a regular
   *     file or not a valid image, or the chain is a cycle
   * @throws io.basedisk.domain.error.StorageException if a file can't be read
   */
  public static DiskImage open(Path image, OpenPolicy policy) {
    return open(image, ImageFormat.QCOW2, policy);
  }

  /**
   * Opens an image of a known format, like {@link #open(Path, OpenPolicy)} otherwise.
   *
   * @param image path of the image
   * @param format the image's format
   * @param policy which backing files may be opened
   * @return the open disk, for the caller to close
   */
  public static DiskImage open(Path image, ImageFormat format, OpenPolicy policy) {
    return new DiskImage(ChainOpener.open(image, format, policy));
  }

  /**
   * Opens an internal snapshot of a qcow2 image, like {@link #open(Path, OpenPolicy)} otherwise.
   *
   * @param image path of the image
   * @param policy which backing files may be opened
   * @param snapshot which of the image's snapshots
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException also if there is no such snapshot
   */
  public static DiskImage openSnapshot(Path image, OpenPolicy policy, SnapshotChoice snapshot) {
    return new DiskImage(ChainOpener.openSnapshot(image, policy, snapshot));
  }

  /**
   * Opens a disk from the files that the caller names. Backing file names in the headers are
   * ignored.
   *
   * @param layers the files of the chain, top first; each has the next one as its backing file
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if a file does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if a file is not a regular file or not a
   *     valid image
   * @throws io.basedisk.domain.error.InvalidArgumentException if, by the headers, the chain has
   *     more or fewer layers
   * @throws io.basedisk.domain.error.StorageException if a file can't be read
   */
  public static DiskImage open(List<LayerFile> layers) {
    return new DiskImage(ChainOpener.open(layers));
  }

  /**
   * Opens a disk from recorded files, like {@link #open(List)} otherwise. A symbolic link in a path
   * is an error.
   *
   * @param layers the recorded files, the top image first
   * @return the open disk, for the caller to close
   * @throws io.basedisk.domain.error.RefusedException if a path names another file than the
   *     recorded one
   */
  public static DiskImage openRecorded(List<ChainFile> layers) {
    return new DiskImage(ChainOpener.openRecorded(layers));
  }

  /** {@return the files of the chain, top first} */
  public ImmutableList<LayerFile> layers() {
    return chain.files();
  }

  /** {@return the information about each layer, top first} */
  public ImmutableList<LayerInfo> info() {
    ImmutableList.Builder<LayerInfo> infos = ImmutableList.builder();
    for (DiskLayer layer : chain.layers()) {
      // The name by which it was reached, as QEMU shows it.
      Path name = layer.file().path();
      infos.add(
          layer instanceof Qcow2Layer
              ? ImageInfoReader.read(layer.file())
              : new RawImageInfo(
                  name, layer.virtualSize(), ImageInfoReader.allocatedBytes(layer.file())));
    }
    return infos.build();
  }

  /**
   * {@return the identity of a layer's open file, if known}
   *
   * @param layer number of the layer, counted from the top
   */
  public Optional<FileIdentity> identity(int layer) {
    return chain.layers().get(layer).file().identity();
  }

  /**
   * {@return the size of the disk in bytes, in whole sectors of 512 bytes as in QEMU: a raw file's
   * size is rounded up with zeros, a qcow2 header's virtual size is rounded down}
   */
  public long virtualSize() {
    return chain.virtualSize();
  }

  /**
   * {@return the size in bytes of the disk that begins with a layer}
   *
   * @param layer number of the layer, counted from the top
   */
  public long virtualSize(int layer) {
    return chain.layers().get(layer).virtualSize();
  }

  // Reading.

  /**
   * Reads bytes of the disk, until {@code target} is full or the disk ends.
   *
   * @param offset guest offset of the first byte, 0 or more
   * @param target the buffer to fill, from its position to its limit
   * @return number of bytes read; 0 at or after the end of the disk
   * @throws io.basedisk.domain.error.InvalidImageException if an image is damaged
   * @throws io.basedisk.domain.error.StorageException if a file can't be read, or this is closed
   */
  public int read(long offset, ByteBuffer target) {
    if (closed) {
      throw new StorageException(chain.files().get(0).path() + ": is closed");
    }
    return resolved.read(offset, target);
  }

  /**
   * {@return a read-only channel with a position of its own} Closing the channel leaves the disk
   * open. Thread-safe; reads of one channel wait for each other.
   */
  public SeekableByteChannel channel() {
    return new DiskChannel(this);
  }

  /**
   * {@return the extents of a part of the disk, in ascending order and without gaps, each as long
   * as possible} Each extent is found when it is requested, from tables alone. The iterator is not
   * thread-safe, and throws the same errors as {@link #read}.
   *
   * @param offset guest offset, from 0 to the end of the disk
   * @param length length in bytes, at most to the end of the disk
   */
  public Iterator<DiskExtent> extents(long offset, long length) {
    requireWithin(offset, length);
    return new DiskExtents(chain, offset, offset + length);
  }

  private void requireWithin(long offset, long length) {
    if (offset < 0 || length < 0 || offset > virtualSize() - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " are not within the disk");
    }
  }

  /** {@return the extents of the whole disk; see {@link #extents(long, long)}} */
  public Iterator<DiskExtent> extents() {
    return extents(0, virtualSize());
  }

  /** Closes the files. A second call has no effect. */
  @Override
  public void close() {
    closed = true;
    chain.close();
  }
}
