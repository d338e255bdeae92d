package io.basedisk.qcow2.image;

import io.basedisk.domain.image.LayerFile;
import io.basedisk.qcow2.format.Header;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk whose top file changes while it is read. Reads use the writer's own tables, so that they
 * see all writes.
 *
 * <p>Not thread-safe while the writer changes the file or its tables.
 */
public final class WritableChain implements AutoCloseable {

  private final Chain chain;

  private WritableChain(Chain chain) {
    this.chain = chain;
  }

  /**
   * Opens the files below {@code top} read-only. The chain owns {@code top} from now on: it closes
   * the file, also if this call fails.
   *
   * @param top the top image, open for writing
   * @param header the header of {@code top}
   * @param tables the tables of {@code top}, with the writer's changes
   * @param layers as for {@link DiskImage#open}; the first one names {@code top}
   * @return the open chain, for the caller to close
   */
  public static WritableChain open(
      ImageFile top, Header header, MappingTables tables, List<LayerFile> layers) {
    ClusterDecoders decoders = new ClusterDecoders();
    Qcow2Layer layer = new Qcow2Layer(top, header, tables, decoders, null);
    return new WritableChain(ChainOpener.openBelow(layer, layers, decoders));
  }

  /** {@return the size of the disk in bytes} */
  public long virtualSize() {
    return chain.virtualSize();
  }

  /**
   * Reads bytes of the disk like {@link DiskImage#read}, including all writes.
   *
   * @param offset guest offset of the first byte
   * @param target the buffer to fill, from its position to its limit
   * @return number of bytes read; 0 at or after the end of the disk
   */
  public int read(long offset, ByteBuffer target) {
    return chain.read(offset, target);
  }

  /** Closes all files. A second call has no effect. */
  @Override
  public void close() {
    chain.close();
  }
}
