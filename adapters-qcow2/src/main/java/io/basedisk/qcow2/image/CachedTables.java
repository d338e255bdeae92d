package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;

/**
 * The L1 and L2 tables of a read-only layer, read through its chain's cache.
 *
 * <p>Specification: "Cluster mapping".
 */
final class CachedTables implements MappingTables {

  private final TableCache cache;
  private final int layer;
  private final ImageFile file;
  private final Header header;

  CachedTables(TableCache cache, int layer, ImageFile file, Header header) {
    this.cache = cache;
    this.layer = layer;
    this.file = file;
    this.header = header;
  }

  @Override
  public L1Entry l1(int index) {
    return new L1Entry(entry(header.l1Table().plus((long) index * Long.BYTES)));
  }

  @Override
  public L2Entry l2(HostOffset table, int index) {
    HostOffset at = table.plus((long) index * header.geometry().l2EntrySize());
    return header.geometry().extendedL2()
        ? new L2Entry(entry(at), entry(at.plus(Long.BYTES)))
        : new L2Entry(entry(at), 0);
  }

  private long entry(HostOffset at) {
    return cache.entry(layer, file, at);
  }
}
