package io.basedisk.qcow2.operation;

import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import java.util.Iterator;

/** What the layers of a disk say above one that is kept as the backing file of a new image. */
final class LayersAbove {

  private LayersAbove() {}

  /**
   * Describes a disk.
   *
   * @param kept the number of the layer, counted from the top; the number of layers if none is kept
   */
  static void describe(DiskImage disk, int kept, AlignedRuns runs) {
    long endOfKept = kept < disk.layers().size() ? disk.virtualSize(kept) : Long.MAX_VALUE;
    for (Iterator<DiskExtent> i = disk.extents(); i.hasNext(); ) {
      DiskExtent extent = i.next();
      Kind kind = kindOf(extent, kept);
      if (kind == Kind.ZEROS && extent.end() > endOfKept) {
        // There the new image reads as zeros if it says nothing.
        if (extent.start() < endOfKept) {
          runs.add(Kind.ZEROS, endOfKept);
        }
        kind = Kind.KEPT;
      }
      runs.add(kind, extent.end());
    }
  }

  private static Kind kindOf(DiskExtent extent, int kept) {
    // A hole counts as the last layer's that goes so far: one that ends before the kept layer does
    // hides what that has there.
    if (extent.layer() >= kept) {
      return Kind.KEPT;
    }
    return extent.isZero() ? Kind.ZEROS : Kind.DATA;
  }
}
