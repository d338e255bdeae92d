package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.StorageException;
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
 * A disk as its guest sees it, opened to be read through its backing chain.
 *
 * <p>Its files must not change while it is open: a writer reads its disk through {@link
 * WritableChain}. Opening it reads the header of each, and bounds what reading will hold in memory,
 * however large the disk and however long the chain.
 *
 * <p>Safe for many threads, which don't wait for each other. An interrupt has no effect on it: the
 * read completes and the thread stays interrupted.
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
   * Opens a qcow2 image with the chain that it and its backing files name, as far as {@code policy}
   * allows; with {@link OpenPolicy#nothing}, only an image that has no backing file.
   *
   * @param image names in it are relative to the directory of this path, links not followed
   * @throws io.basedisk.domain.error.UnallowedFileException if a backing file is not allowed
   * @throws io.basedisk.domain.error.NotFoundException if the image is not there
   * @throws io.basedisk.domain.error.InvalidImageException if a layer is no image that can be read,
   *     is no regular file or missing, or the chain is a cycle
   * @throws io.basedisk.domain.error.StorageException if a file can't be read
   */
  public static DiskImage open(Path image, OpenPolicy policy) {
    return open(image, ImageFormat.QCOW2, policy);
  }

  /** Opens an image of a format that the caller knows, otherwise as the other methods do. */
  public static DiskImage open(Path image, ImageFormat format, OpenPolicy policy) {
    return new DiskImage(ChainOpener.open(image, format, policy));
  }

  /**
   * Opens a disk of which the caller names every file; what the images say of their backing files
   * is not followed.
   *
   * @param layers the files of its chain, the disk's own first; each but the last has the next as
   *     its backing file
   * @throws io.basedisk.domain.error.NotFoundException if one of them is not there
   * @throws io.basedisk.domain.error.InvalidImageException if one of them is no image that can be
   *     read, or no regular file
   * @throws io.basedisk.domain.error.InvalidArgumentException if more files than one follow the
   *     disk's last layer, or one is missing, by what the headers say
   * @throws io.basedisk.domain.error.StorageException if one of them can't be read
   */
  public static DiskImage open(List<LayerFile> layers) {
    return new DiskImage(ChainOpener.open(layers));
  }

  /**
   * Opens a disk of which the caller knows every file, otherwise as {@link #open(List)} does. A
   * symbolic link in a path is an error.
   *
   * @throws io.basedisk.domain.error.RefusedException if one of them is another file by now
   */
  public static DiskImage openRecorded(List<ChainFile> layers) {
    return new DiskImage(ChainOpener.openRecorded(layers));
  }

  /** Returns the files that make it up, the disk's own first. */
  public ImmutableList<LayerFile> layers() {
    return chain.files();
  }

  /**
   * Returns which file a layer is, whatever has its name by now; empty if that is not known.
   *
   * @param layer its number, counted from the top
   */
  public Optional<FileIdentity> identity(int layer) {
    return chain.layers().get(layer).file().identity();
  }

  /**
   * Returns the bytes of the disk, a multiple of 512, as QEMU counts them: a raw file that ends
   * within a sector goes on with zeros to the end of it, and of the virtual size that a qcow2
   * header names only whole sectors count.
   */
  public long virtualSize() {
    return chain.virtualSize();
  }

  /**
   * Returns the bytes of the disk that a layer, with all below it, is.
   *
   * @param layer its number, counted from the top
   */
  public long virtualSize(int layer) {
    return chain.layers().get(layer).virtualSize();
  }

  // Reading.

  /**
   * Reads bytes of the disk: as many as there is room for in {@code target}, or as there are.
   *
   * @param offset where to start, 0 or more
   * @return how many were read; 0 from the end of the disk on
   * @throws io.basedisk.domain.error.InvalidImageException if the image does not say where they are
   * @throws io.basedisk.domain.error.StorageException if a file can't be read, or this is closed
   */
  public int read(long offset, ByteBuffer target) {
    if (closed) {
      throw new StorageException(chain.files().get(0).path() + ": is closed");
    }
    return resolved.read(offset, target);
  }

  /**
   * Returns a channel that reads the disk, and has a position of its own. To close it leaves the
   * disk open. Safe for many threads, one at a time.
   */
  public SeekableByteChannel channel() {
    return new DiskChannel(this);
  }

  /**
   * Returns what a part of the disk consists of, in order and without a gap, each extent as long as
   * it can be. Each is found when it is asked for; only tables are read. The iterator is not safe
   * for many threads, and throws what {@link #read} throws.
   *
   * @param offset where to start, from 0 to the end of the disk
   * @param length from 0 to the bytes that follow
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

  /** Returns what the whole disk consists of; see {@link #extents(long, long)}. */
  public Iterator<DiskExtent> extents() {
    return extents(0, virtualSize());
  }

  /** Closes the files; to close it again has no effect. */
  @Override
  public void close() {
    closed = true;
    chain.close();
  }
}
