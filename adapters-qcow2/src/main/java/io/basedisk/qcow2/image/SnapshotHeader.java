package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.image.SnapshotChoice;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FileBounds;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.SnapshotTable;
import io.basedisk.qcow2.format.SnapshotTableEntry;
import java.util.List;

/**
 * The header that an image would have if its disk were that of an internal snapshot. The disk of a
 * snapshot has an L1 table and, from version 3 on, a size of its own.
 *
 * <p>Specification: "Snapshots", "Snapshot table entry".
 */
final class SnapshotHeader {

  private SnapshotHeader() {}

  /**
   * {@return the header of a snapshot's disk}
   *
   * @throws NotFoundException if there is no such snapshot
   * @throws io.basedisk.domain.error.InvalidImageException if the snapshot's table is not valid
   */
  static Header of(ImageFile file, Header header, SnapshotChoice choice) {
    try {
      List<SnapshotTableEntry> entries =
          SnapshotTable.parse(file, header, new FileBounds(file.length(), header.geometry()))
              .entries();
      int index =
          choice
              .find(
                  entries.stream()
                      .map(SnapshotTableEntry::id)
                      .collect(ImmutableList.toImmutableList()),
                  entries.stream()
                      .map(SnapshotTableEntry::name)
                      .collect(ImmutableList.toImmutableList()))
              .orElseThrow(
                  () ->
                      new NotFoundException(
                          file.path() + ": has no internal snapshot '" + choice + "'"));
      return of(header, entries.get(index));
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  private static Header of(Header header, SnapshotTableEntry snapshot) throws FormatException {
    ClusterGeometry geometry = header.geometry();
    long size = snapshot.virtualSize().orElse(header.virtualSize());
    if (snapshot.l1Bytes() > Header.MAX_L1_BYTES) {
      throw new FormatException("the L1 table of snapshot " + snapshot.id() + " is too large");
    }
    if (size < 0 || geometry.l1Entries(size) > snapshot.l1Entries()) {
      throw new FormatException(
          "the L1 table of snapshot "
              + snapshot.id()
              + " is too small for the virtual size "
              + Long.toUnsignedString(size));
    }
    return header.withDisk(size, snapshot.l1Entries(), snapshot.l1Table());
  }
}
