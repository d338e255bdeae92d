package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.Header;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk whose first file is written to while it is read. The writer keeps the tables of that file;
 * reads look up clusters in them, so that they see what was written.
 *
 * <p>Not safe for use by many threads while the writer changes the file or its tables.
 */
public final class WritableChain implements AutoCloseable {

  private final Chain chain;

  private WritableChain(Chain chain) {
    this.chain = chain;
  }

  /**
   * Opens the files below {@code top} to be read. The chain owns {@code top} from now on: it closes
   * the file with the others, and also if this fails.
   *
   * @param layers as for {@link DiskImage#open}; the first one names {@code top}
   * @param header the header of {@code top}
   * @param tables the tables of {@code top}, with the writer's changes
   */
  public static WritableChain open(
      ImageFile top, Header header, MappingTables tables, List<LayerFile> layers) {
    ClusterDecoders decoders = new ClusterDecoders();
    Qcow2Layer layer = new Qcow2Layer(top, header, tables, decoders, null);
    return new WritableChain(ChainOpener.openBelow(layer, layers, decoders));
  }

  /** Returns the bytes of the disk. */
  public long virtualSize() {
    return chain.virtualSize();
  }

  /** Reads bytes of the disk, as {@link DiskImage#read} does, with what was written. */
  public int read(long offset, ByteBuffer target) {
    return chain.read(offset, target);
  }

  /** Closes all files; to close it again has no effect. */
  @Override
  public void close() {
    chain.close();
  }
}
