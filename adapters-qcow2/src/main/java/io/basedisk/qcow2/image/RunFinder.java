package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.format.GuestOffset;

/**
 * Finds what a disk reads as, run by run, upwards: for each place the first layer of the chain that
 * says something of it. Where a layer says nothing it remembers how far, so that a whole pass takes
 * as long as its layers have runs, together. Not safe for many threads.
 */
final class RunFinder {

  private final ImmutableList<Layer> layers;
  private final long[] silentUntil;

  RunFinder(ImmutableList<Layer> layers) {
    this.layers = layers;
    this.silentUntil = new long[layers.size()];
  }

  /**
   * What a part of the disk reads as.
   *
   * @param layer the number of the layer that says so, counted from the top; if none does, of the
   *     last one that goes so far
   * @param extent what it says; of what no layer has, that it is unallocated
   */
  record Run(int layer, Extent extent) {}

  /**
   * Returns what begins at {@code at}; more may follow of the same kind.
   *
   * @param at within the disk, and not before what was asked for last
   * @param limit at most the bytes from there to the end of the disk
   * @return a run of 1 to {@code limit} bytes
   */
  Run runAt(GuestOffset at, long limit) {
    long length = limit;
    int last = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      // Beyond the end of a layer the disk that it is does not go on, whatever lies below it.
      long inLayer = layer.virtualSize() - at.bytes();
      if (inLayer <= 0) {
        break;
      }
      last = i;
      if (silentUntil[i] <= at.bytes()) {
        Extent extent = layer.extent(at, Math.min(length, inLayer));
        if (!(extent instanceof Extent.Unallocated)) {
          return new Run(i, extent);
        }
        silentUntil[i] = at.bytes() + extent.length();
      }
      length = Math.min(length, silentUntil[i] - at.bytes());
    }
    return new Run(last, new Extent.Unallocated(length));
  }
}
