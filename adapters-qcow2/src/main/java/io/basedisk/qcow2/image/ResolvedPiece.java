package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.HostOffset;
import java.util.Arrays;

/**
 * A piece of a disk with the resolved location of its content: runs, each in one layer. Immutable;
 * about 20 bytes for each run.
 */
final class ResolvedPiece {

  /** Layer of a run that reads as zeros. */
  static final int ZEROS = -1;

  /** Layer of a run that could not be resolved, because an image is damaged. */
  static final int DAMAGED = -2;

  private final long number;
  private final int[] ends;
  private final int[] layers;
  private final long[] hosts;
  private final int[] compressedSizes;

  private ResolvedPiece(Builder builder) {
    this.number = builder.number;
    this.ends = Arrays.copyOf(builder.ends, builder.count);
    this.layers = Arrays.copyOf(builder.layers, builder.count);
    this.hosts = Arrays.copyOf(builder.hosts, builder.count);
    this.compressedSizes = Arrays.copyOf(builder.compressedSizes, builder.count);
  }

  /** {@return the number of this piece in the disk} */
  long number() {
    return number;
  }

  /** {@return the index of the run that contains {@code at}, an offset in the piece} */
  int runAt(int at) {
    int found = Arrays.binarySearch(ends, at + 1);
    return found >= 0 ? found : ~found;
  }

  /** {@return the end of a run, as an offset in the piece} */
  int end(int run) {
    return ends[run];
  }

  /** {@return the layer of a run, or {@link #ZEROS} or {@link #DAMAGED}} */
  int layer(int run) {
    return layers[run];
  }

  boolean isCompressed(int run) {
    return compressedSizes[run] > 0;
  }

  /** {@return the cluster of a compressed run} */
  ClusterDescriptor.Compressed compressed(int run) {
    return new ClusterDescriptor.Compressed(new HostOffset(hosts[run]), compressedSizes[run]);
  }

  /** {@return the offset, in the layer's file, of the byte at {@code at} in a data run} */
  long host(int run, int at) {
    return hosts[run] + at - (run == 0 ? 0 : ends[run - 1]);
  }

  /** Builds a piece, run by run from its start. */
  static final class Builder {

    private static final int FEW = 8;

    private final long number;
    private int count;
    private int[] ends = new int[FEW];
    private int[] layers = new int[FEW];
    private long[] hosts = new long[FEW];
    private int[] compressedSizes = new int[FEW];

    Builder(long number) {
      this.number = number;
    }

    /** {@return the start of the next run, as an offset in the piece} */
    int end() {
      return count == 0 ? 0 : ends[count - 1];
    }

    void add(RunFinder.Run run) {
      int length = (int) run.extent().length();
      if (run.extent() instanceof Extent.Data data) {
        add(length, run.layer(), data.host().bytes(), 0);
      } else if (run.extent() instanceof Extent.Compressed compressed) {
        ClusterDescriptor.Compressed cluster = compressed.cluster();
        add(length, run.layer(), cluster.host().bytes(), cluster.maxSize());
      } else {
        add(length, ZEROS, 0, 0);
      }
    }

    void addDamaged(int length) {
      add(length, DAMAGED, 0, 0);
    }

    private void add(int length, int layer, long host, int compressedSize) {
      int end = end() + length;
      if (continues(layer, host, compressedSize)) {
        ends[count - 1] = end;
        return;
      }
      if (count == ends.length) {
        grow();
      }
      ends[count] = end;
      layers[count] = layer;
      hosts[count] = host;
      compressedSizes[count] = compressedSize;
      count++;
    }

    private boolean continues(int layer, long host, int compressedSize) {
      if (count == 0 || layer != layers[count - 1]) {
        return false;
      }
      int start = count == 1 ? 0 : ends[count - 2];
      return layer < 0
          || (compressedSize == 0
              && compressedSizes[count - 1] == 0
              && host == hosts[count - 1] + end() - start);
    }

    private void grow() {
      ends = Arrays.copyOf(ends, 2 * count);
      layers = Arrays.copyOf(layers, 2 * count);
      hosts = Arrays.copyOf(hosts, 2 * count);
      compressedSizes = Arrays.copyOf(compressedSizes, 2 * count);
    }

    ResolvedPiece build() {
      return new ResolvedPiece(this);
    }
  }
}
