package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The opened layers of a disk, top first, and reading through them. */
final class Chain implements AutoCloseable {

  private final ImmutableList<Layer> layers;
  private final ClusterDecoders decoders;

  private Chain(ImmutableList<Layer> layers, ClusterDecoders decoders) {
    this.layers = layers;
    this.decoders = decoders;
  }

  // Opening.

  /** Opens every layer to be read; nobody may change them meanwhile. */
  static Chain open(List<LayerFile> files) {
    TableCache cache = new TableCache();
    ClusterDecoders decoders = new ClusterDecoders();
    return open(files, decoders, (file, index) -> openLayer(file, index, cache, decoders));
  }

  /** Opens a chain of which the top layer is opened already; closes that if it fails. */
  static Chain openBelow(Qcow2Layer top, List<LayerFile> files, ClusterDecoders decoders) {
    TableCache cache = new TableCache();
    return open(
        files,
        decoders,
        (file, index) -> index == 0 ? top : openLayer(file, index, cache, decoders));
  }

  private static Chain open(
      List<LayerFile> files,
      ClusterDecoders decoders,
      BiFunction<LayerFile, Integer, Layer> openOne) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a chain has at least one layer");
    }
    List<Layer> layers = new ArrayList<>();
    try {
      for (LayerFile file : files) {
        Layer layer = openOne.apply(file, layers.size());
        layers.add(layer);
        requireEnd(layer, layers.size() == files.size());
      }
      return new Chain(ImmutableList.copyOf(layers), decoders);
    } catch (RuntimeException e) {
      closeAll(layers, e);
      throw e;
    }
  }

  private static Layer openLayer(
      LayerFile file, int index, TableCache cache, ClusterDecoders decoders) {
    if (file.format() == ImageFormat.RAW) {
      return RawLayer.open(file.path());
    }
    ImageFile opened = ImageFile.openToRead(file.path());
    try {
      Header header = Qcow2Layer.readHeader(opened);
      return new Qcow2Layer(
          opened, header, new CachedTables(cache, index, opened, header), decoders);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** With a layer too few or too many, the disk would read as something that it never was. */
  private static void requireEnd(Layer layer, boolean last) {
    boolean end = !(layer instanceof Qcow2Layer qcow2) || qcow2.header().backingFile() == null;
    if (end && !last) {
      throw new InvalidArgumentException(
          layer.file().path() + ": has no backing file, but more layers were named");
    }
    if (last && !end) {
      throw new InvalidArgumentException(
          layer.file().path() + ": has a backing file, but no more layers were named");
    }
  }

  private static void closeAll(List<Layer> layers, RuntimeException cause) {
    for (Layer layer : layers) {
      try {
        layer.close();
      } catch (RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }

  // Reading.

  long virtualSize() {
    return layers.get(0).virtualSize();
  }

  /** Puts the disk's bytes from {@code offset} on into {@code target}; returns how many. */
  int read(long offset, ByteBuffer target) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    int count = (int) Math.max(0, Math.min(target.remaining(), virtualSize() - offset));
    GuestOffset at = new GuestOffset(offset);
    // Where each layer begins to say something again: not to be found out for each run anew.
    long[] silentUntil = new long[layers.size()];
    for (int left = count; left > 0; ) {
      int done = readRun(at, left, silentUntil, target);
      at = at.plus(done);
      left -= done;
    }
    return count;
  }

  /** Reads what one layer says, 1 to {@code limit} bytes; returns how many. */
  private int readRun(GuestOffset at, int limit, long[] silentUntil, ByteBuffer target) {
    int length = limit;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      // Beyond the end of a layer the disk that it is does not go on, whatever lies below it.
      long inLayer = layer.virtualSize() - at.bytes();
      if (inLayer <= 0) {
        break;
      }
      if (silentUntil[i] <= at.bytes()) {
        Extent extent = layer.extent(at, Math.min(length, inLayer));
        if (!(extent instanceof Extent.Unallocated)) {
          layer.read(extent, (int) extent.length(), target);
          return (int) extent.length();
        }
        silentUntil[i] = at.bytes() + extent.length();
      }
      length = (int) Math.min(length, silentUntil[i] - at.bytes());
    }
    Zeros.fill(target, length);
    return length;
  }

  /** Closes every layer; to close it again has no effect. */
  @Override
  public void close() {
    decoders.close();
    RuntimeException failure = null;
    for (Layer layer : layers) {
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
