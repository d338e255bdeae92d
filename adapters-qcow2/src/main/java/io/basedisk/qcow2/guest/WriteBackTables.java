package io.basedisk.qcow2.guest;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.image.MappingTables;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The L1 and L2 tables of a writable image. Changes stay in memory until {@link #flush}: clusters
 * must be durable before an entry refers to them, or a power cut would leave entries that refer to
 * arbitrary data. For standard L2 entries of 64 bits. Not thread-safe.
 *
 * <p>Specification: "Cluster mapping".
 */
final class WriteBackTables implements MappingTables {

  private static final int MEMORY = 16 << 20;

  private final ImageFile file;
  private final Header header;
  private final ClusterGeometry geometry;
  private final Table l1;

  /** By offset in the file, the least recently used first. */
  private final Map<HostOffset, Table> l2 = new LinkedHashMap<>(16, 0.75f, true);

  WriteBackTables(ImageFile file, Header header) {
    this.file = file;
    this.header = header;
    this.geometry = header.geometry();
    this.l1 = read(header.l1Table(), header.l1Entries());
  }

  /** A table in memory. */
  private static final class Table {

    private final long[] entries;
    private boolean changed;

    Table(int size) {
      this.entries = new long[size];
    }

    void set(int index, long bits) {
      entries[index] = bits;
      changed = true;
    }
  }

  @Override
  public L1Entry l1(int index) {
    return new L1Entry(l1.entries[index]);
  }

  @Override
  public L2Entry l2(HostOffset table, int index) {
    return new L2Entry(l2Table(table).entries[index], 0);
  }

  void setL1(int index, L1Entry entry) {
    l1.set(index, entry.bits());
  }

  void setL2(HostOffset table, int index, L2Entry entry) {
    l2Table(table).set(index, entry.bits());
  }

  private Table l2Table(HostOffset at) {
    Table table = l2.get(at);
    if (table == null) {
      makeRoom();
      table = read(at, geometry.l2Entries());
      l2.put(at, table);
    }
    return table;
  }

  private Table read(HostOffset at, int size) {
    Table table = new Table(size);
    file.read(at, size * Long.BYTES).asLongBuffer().get(table.entries);
    return table;
  }

  private void makeRoom() {
    if ((long) (l2.size() + 1) * geometry.clusterSize() <= MEMORY) {
      return;
    }
    Iterator<Table> leastRecentlyUsed = l2.values().iterator();
    if (leastRecentlyUsed.next().changed) {
      flush();
    }
    leastRecentlyUsed.remove();
  }

  /**
   * Makes all writes to the file durable, then the L2 tables, then the L1 table. In this order, a
   * power cut never leaves an entry that refers to missing data.
   */
  void flush() {
    file.force();
    boolean l2Changed = false;
    for (Map.Entry<HostOffset, Table> entry : l2.entrySet()) {
      l2Changed |= write(entry.getKey(), entry.getValue());
    }
    if (l2Changed) {
      file.force();
    }
    if (write(header.l1Table(), l1)) {
      file.force();
    }
  }

  private boolean write(HostOffset at, Table table) {
    if (!table.changed) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.allocate(table.entries.length * Long.BYTES);
    bytes.asLongBuffer().put(table.entries);
    file.write(at, bytes);
    table.changed = false;
    return true;
  }
}
