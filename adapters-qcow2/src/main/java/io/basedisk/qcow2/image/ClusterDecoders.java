package io.basedisk.qcow2.image;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.qcow2.format.ClusterDescriptor;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pool of a chain's decompressors: one for each thread that reads compressed clusters at the same
 * time. Each keeps its last cluster, so that small sequential reads decompress a cluster once.
 */
final class ClusterDecoders implements AutoCloseable {

  @GuardedBy("this")
  private final Deque<Slot> idle = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean closed;

  /** Reads the first {@code count} bytes of an extent of {@code layer} into {@code target}. */
  void read(Qcow2Layer layer, Extent.Compressed extent, int count, ByteBuffer target) {
    Slot slot = take(layer, extent.cluster());
    try {
      target.put(slot.cluster(layer, extent.cluster()), extent.skipped(), count);
    } catch (FormatException e) {
      throw layer.file().invalid(e);
    } finally {
      giveBack(slot);
    }
  }

  private synchronized Slot take(Qcow2Layer layer, ClusterDescriptor.Compressed compressed) {
    for (Slot slot : idle) {
      if (slot.holds(layer, compressed)) {
        idle.remove(slot);
        return slot;
      }
    }
    return idle.isEmpty() ? new Slot() : idle.removeLast();
  }

  private synchronized void giveBack(Slot slot) {
    if (closed) {
      slot.close();
    } else {
      idle.addFirst(slot);
    }
  }

  /** Releases idle decompressors. A decompressor in use is released at the end of its read. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Slot::close);
    idle.clear();
  }

  /** A decompressor for each type used so far, and the last decompressed cluster. */
  private static final class Slot implements AutoCloseable {

    private final Map<CompressionType, ClusterDecoder> decoders =
        new EnumMap<>(CompressionType.class);
    private @Nullable Qcow2Layer layer;
    private ClusterDescriptor.@Nullable Compressed compressed;
    private byte[] cluster = {};

    boolean holds(Qcow2Layer wantedLayer, ClusterDescriptor.Compressed wanted) {
      return wantedLayer == layer && wanted.equals(compressed);
    }

    byte[] cluster(Qcow2Layer wantedLayer, ClusterDescriptor.Compressed wanted)
        throws FormatException {
      if (!holds(wantedLayer, wanted)) {
        compressed = null; // A failure leaves a partial cluster.
        layer = wantedLayer;
        decode(wantedLayer, wanted);
        compressed = wanted;
      }
      return cluster;
    }

    private void decode(Qcow2Layer from, ClusterDescriptor.Compressed wanted)
        throws FormatException {
      Header header = from.header();
      if (cluster.length != header.geometry().clusterSize()) {
        cluster = new byte[header.geometry().clusterSize()];
      }
      byte[] input = from.file().read(wanted.host(), wanted.maxSize()).array();
      decoders
          .computeIfAbsent(header.compression(), ClusterDecoder::of)
          .decode(input, input.length, cluster);
    }

    @Override
    public void close() {
      decoders.values().forEach(ClusterDecoder::close);
      decoders.clear();
    }
  }
}
