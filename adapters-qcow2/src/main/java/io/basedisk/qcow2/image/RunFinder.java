package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import java.util.Arrays;

/**
 * Finds what a disk reads as, run by run, upwards: for each place the first layer of the chain that
 * says something of it. Where a layer says nothing it remembers how far, so that a whole pass takes
 * as long as its layers have runs, together. Not safe for many threads.
 */
final class RunFinder {

  private final ImmutableList<Layer> layers;
  private final Silence[] silences;

  RunFinder(ImmutableList<Layer> layers) {
    this.layers = layers;
    this.silences = new Silence[layers.size()];
    Arrays.fill(silences, new Silence(0, new Extent.Unallocated(HostOffset.NOWHERE, 0)));
  }

  /** A part of the disk, from {@code start} on, that a layer says nothing of. */
  private record Silence(long start, Extent.Unallocated extent) {

    long end() {
      return start + extent.length();
    }

    /** Returns where the layer's file has room for what is at {@code at}. */
    HostOffset host(GuestOffset at) {
      HostOffset host = extent.host();
      return host.isNowhere() ? host : host.plus(at.bytes() - start);
    }
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
      if (silences[i].end() <= at.bytes()) {
        Extent extent = layer.extent(at, Math.min(length, inLayer));
        if (!(extent instanceof Extent.Unallocated silence)) {
          return new Run(i, extent);
        }
        silences[i] = new Silence(at.bytes(), silence);
      }
      length = Math.min(length, silences[i].end() - at.bytes());
    }
    return new Run(last, new Extent.Unallocated(silences[last].host(at), length));
  }
}
