package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.format.GuestOffset;
import java.nio.ByteBuffer;

/** The open layers of a disk, top first, and reads through them. */
record Chain(
    ImmutableList<DiskLayer> layers, ImmutableList<LayerFile> files, ClusterDecoders decoders)
    implements AutoCloseable {

  long virtualSize() {
    return layers.get(0).virtualSize();
  }

  /**
   * Reads the disk's bytes from {@code offset} on into {@code target}, and returns their number.
   */
  int read(long offset, ByteBuffer target) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    int count = (int) Math.max(0, Math.min(target.remaining(), virtualSize() - offset));
    GuestOffset at = new GuestOffset(offset);
    RunFinder finder = new RunFinder(layers);
    for (int left = count; left > 0; ) {
      RunFinder.Run run = finder.runAt(at, left);
      int done = (int) run.extent().length();
      read(run, done, target);
      at = at.plus(done);
      left -= done;
    }
    return count;
  }

  /** Reads the first {@code count} bytes of a run into {@code target}. */
  void read(RunFinder.Run run, int count, ByteBuffer target) {
    if (run.extent() instanceof Extent.Unallocated) {
      Zeros.fill(target, count);
    } else {
      layers.get(run.layer()).read(run.extent(), count, target);
    }
  }

  /** Closes every layer. A second call has no effect. */
  @Override
  public void close() {
    decoders.close();
    RuntimeException failure = null;
    for (DiskLayer layer : layers) {
      try {
        layer.close();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
