package io.basedisk.qcow2.operation;

import io.basedisk.qcow2.image.DiskExtent;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.AlignedRuns.Kind;
import java.util.Iterator;

/**
 * The content of a disk's upper layers, above the layer that becomes the backing file of a new
 * image.
 */
final class LayersAbove {

  private LayersAbove() {}

  /**
   * Adds the runs of a disk.
   *
   * @param kept number of the layer that becomes the backing file, counted from the top; the number
   *     of layers for none
   */
  static void describe(DiskImage disk, int kept, AlignedRuns runs) {
    long endOfKept = kept < disk.layers().size() ? disk.virtualSize(kept) : Long.MAX_VALUE;
    for (Iterator<DiskExtent> i = disk.extents(); i.hasNext(); ) {
      DiskExtent extent = i.next();
      Kind kind = kindOf(extent, kept);
      if (kind == Kind.ZEROS && extent.end() > endOfKept) {
        // Beyond the end of its backing file, an unallocated range reads as zeros.
        if (extent.start() < endOfKept) {
          runs.add(Kind.ZEROS, endOfKept);
        }
        kind = Kind.KEPT;
      }
      runs.add(kind, extent.end());
    }
  }

  private static Kind kindOf(DiskExtent extent, int kept) {
    // A hole belongs to the last layer that reaches so far. A layer that is shorter than the kept
    // one
    // hides the rest of the kept layer.
    if (extent.layer() >= kept) {
      return Kind.KEPT;
    }
    return extent.isZero() ? Kind.ZEROS : Kind.DATA;
  }
}
