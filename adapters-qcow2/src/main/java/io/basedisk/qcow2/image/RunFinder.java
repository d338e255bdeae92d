package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import java.util.Arrays;

/**
 * Finds the runs of a disk in ascending order: for each offset, the topmost layer that has it
 * allocated. It remembers the unallocated ranges of each layer, so that a whole pass looks at each
 * extent of each layer once. Not thread-safe.
 */
final class RunFinder {

  private final ImmutableList<DiskLayer> layers;
  private final UnallocatedRange[] unallocated;

  RunFinder(ImmutableList<DiskLayer> layers) {
    this.layers = layers;
    this.unallocated = new UnallocatedRange[layers.size()];
    Arrays.fill(
        unallocated, new UnallocatedRange(0, new Extent.Unallocated(HostOffset.NOWHERE, 0)));
  }

  /** A range of the disk, from {@code start} on, that a layer has not allocated. */
  private record UnallocatedRange(long start, Extent.Unallocated extent) {

    long end() {
      return start + extent.length();
    }

    /** {@return the preallocated space for {@code at} in the layer's file; nowhere without one} */
    HostOffset host(GuestOffset at) {
      HostOffset host = extent.host();
      return host.isNowhere() ? host : host.plus(at.bytes() - start);
    }
  }

  /**
   * A run of the disk with one state in one layer.
   *
   * @param layer number of the layer that has it allocated, counted from the top; without one, the
   *     lowest layer that reaches so far
   * @param extent the layer's extent; unallocated if no layer has it allocated
   */
  record Run(int layer, Extent extent) {}

  /**
   * Returns the run at {@code at}. The next run may be of the same kind.
   *
   * @param at guest offset within the disk, at or after that of the previous call
   * @param limit at most the number of bytes to the end of the disk
   * @return a run of 1 to {@code limit} bytes
   */
  Run runAt(GuestOffset at, long limit) {
    long length = limit;
    int last = 0;
    for (int i = 0; i < layers.size(); i++) {
      DiskLayer layer = layers.get(i);
      // A longer layer below does not extend a shorter layer: the rest reads as zeros.
      long inLayer = layer.virtualSize() - at.bytes();
      if (inLayer <= 0) {
        break;
      }
      last = i;
      if (unallocated[i].end() <= at.bytes()) {
        Extent extent = layer.extent(at, Math.min(length, inLayer));
        if (!(extent instanceof Extent.Unallocated found)) {
          return new Run(i, extent);
        }
        unallocated[i] = new UnallocatedRange(at.bytes(), found);
      }
      length = Math.min(length, unallocated[i].end() - at.bytes());
    }
    return new Run(last, new Extent.Unallocated(unallocated[last].host(at), length));
  }
}
