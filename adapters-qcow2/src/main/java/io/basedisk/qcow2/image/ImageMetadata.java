package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.format.BitmapDirectory;
import io.basedisk.qcow2.format.BitmapDirectoryEntry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FileBytes;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.SnapshotTable;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The metadata of one qcow2 file. Files that it names are not opened. Thread-safe; another process
 * may use the file.
 */
public final class ImageMetadata implements AutoCloseable {

  private static final int L1_STEP = 64 << 10;

  private final ImageFile file;
  private final Header header;
  private final FileBounds bounds;

  private ImageMetadata(ImageFile file, Header header) {
    this.file = file;
    this.header = header;
    this.bounds = new FileBounds(file.length(), header.geometry());
  }

  /**
   * Opens a qcow2 file and reads its header.
   *
   * @param path path of the file
   * @return the open image, for the caller to close
   * @throws io.basedisk.domain.error.NotFoundException if the file does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   * @throws io.basedisk.domain.error.StorageException if the file can't be read
   */
  public static ImageMetadata open(Path path) {
    return open(ImageFile.openToRead(path), Header::parse);
  }

  /**
   * Opens a qcow2 file by its recorded path. A symbolic link in the path is an error.
   *
   * @param path path of the file
   * @param system the system calls to use
   * @return the open image, for the caller to close
   */
  public static ImageMetadata openRecorded(Path path, OperatingSystem system) {
    return open(ImageFile.openRecorded(path, system), Header::parse);
  }

  /**
   * Takes a qcow2 file that is open, to describe it; see {@link Header#parseToDescribe}. If that
   * fails, closes the file.
   */
  static ImageMetadata describe(ImageFile file) {
    return open(file, Header::parseToDescribe);
  }

  /**
   * Reads and checks the header of an open file.
   *
   * @param file the open file to read
   * @return the header
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a valid qcow2 image
   */
  public static Header readHeader(ImageFile file) {
    try {
      return Header.parse(file, file.length());
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /** A way to read a header. */
  @FunctionalInterface
  private interface HeaderReading {
    Header of(FileBytes file, long fileLength) throws FormatException;
  }

  private static ImageMetadata open(ImageFile file, HeaderReading reading) {
    try {
      return new ImageMetadata(file, reading.of(file, file.length()));
    } catch (FormatException e) {
      file.close();
      throw file.invalid(e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** {@return the header} */
  public Header header() {
    return header;
  }

  /** {@return the internal snapshots, in the order of the file} */
  public ImmutableList<SnapshotTableEntry> snapshots() {
    try {
      return SnapshotTable.parse(file, header, bounds).entries();
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /** {@return the stored bitmaps, in the order of the file} */
  public ImmutableList<BitmapDirectoryEntry> bitmaps() {
    try {
      return BitmapDirectory.parse(file, header, bounds).entries();
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /**
   * {@return whether the image has no allocated clusters, no internal snapshots and no bitmaps: all
   * L1 entries are 0}
   */
  public boolean isEmptyOverlay() {
    return header.snapshots() == 0 && header.bitmaps().isEmpty() && isL1Zero();
  }

  private boolean isL1Zero() {
    for (long at = 0; at < header.l1Bytes(); at += L1_STEP) {
      int count = (int) Math.min(L1_STEP, header.l1Bytes() - at);
      ByteBuffer part = file.read(header.l1Table().plus(at), count);
      if (part.mismatch(ByteBuffer.allocate(count)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Closes the file. A second call has no effect. */
  @Override
  public void close() {
    file.close();
  }
}
