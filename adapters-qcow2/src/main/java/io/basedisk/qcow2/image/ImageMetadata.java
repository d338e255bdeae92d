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
 * A qcow2 file opened by itself: what it says of itself, whatever files it names. Safe for many
 * threads; the file may be in use.
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
   * @throws io.basedisk.domain.error.NotFoundException if nothing is there
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image that can be read
   * @throws io.basedisk.domain.error.StorageException if it can't be read
   */
  public static ImageMetadata open(Path path) {
    return open(ImageFile.openToRead(path), Header::parse);
  }

  /** Opens a qcow2 file by a recorded path: a symbolic link in it is an error. */
  public static ImageMetadata openRecorded(Path path, OperatingSystem system) {
    return open(ImageFile.openRecorded(path, system), Header::parse);
  }

  /**
   * Opens a qcow2 file to show what it says of itself: its backing file's name may be any bytes,
   * see {@link Header#parseToShow}. Otherwise as {@link #open}.
   */
  static ImageMetadata openToShow(Path path) {
    return open(ImageFile.openToRead(path), Header::parseToShow);
  }

  /**
   * Reads and checks the header of an open file.
   *
   * @throws io.basedisk.domain.error.InvalidImageException if it is no qcow2 image that can be read
   */
  public static Header readHeader(ImageFile file) {
    try {
      return Header.parse(file, file.length());
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /** How a header is read. */
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

  /** Returns its header. */
  public Header header() {
    return header;
  }

  /** Returns its internal snapshots, in their order. */
  public ImmutableList<SnapshotTableEntry> snapshots() {
    try {
      return SnapshotTable.parse(file, header, bounds).entries();
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /** Returns the bitmaps that are stored in it, in their order. */
  public ImmutableList<BitmapDirectoryEntry> bitmaps() {
    try {
      return BitmapDirectory.parse(file, header, bounds).entries();
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  /**
   * Returns whether no entry of its L1 table is set, and it has no internal snapshots or bitmaps.
   */
  public boolean isUnwritten() {
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

  /** Closes the file; to close it again has no effect. */
  @Override
  public void close() {
    file.close();
  }
}
