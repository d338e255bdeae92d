package io.basedisk.qcow2.write;

import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.GuestOffset;
import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The L1 table of a new file, and the L2 tables that are not written yet. Entries are set in
 * ascending order, so all L2 tables but the last are complete.
 *
 * <p>Specification: "Cluster mapping".
 */
final class GuestTables {

  private final ClusterGeometry geometry;
  private final long[] l1;
  private final List<Table> tables = new ArrayList<>();

  GuestTables(ClusterGeometry geometry, int l1Entries) {
    this.geometry = geometry;
    this.l1 = new long[l1Entries];
  }

  /** An L2 table, and the index of its L1 entry. */
  record Table(int index, ByteBuffer bytes) {}

  /** Sets the L2 entry of the cluster at {@code cluster}. */
  void set(GuestOffset cluster, L2Entry entry) {
    table(geometry.l1Index(cluster))
        .bytes
        .putLong(geometry.l2Index(cluster) * Long.BYTES, entry.bits());
  }

  private Table table(int index) {
    if (!tables.isEmpty()) {
      Table last = tables.get(tables.size() - 1);
      if (last.index == index) {
        return last;
      }
    }
    Table added = new Table(index, ByteBuffer.allocate(geometry.clusterSize()));
    tables.add(added);
    return added;
  }

  /** {@return the size in bytes of the tables that {@link #takeFinished} would return} */
  long finishedBytes() {
    return Math.max(0, tables.size() - 1L) << geometry.clusterBits();
  }

  /**
   * Removes and returns all tables but the last. The caller writes them and calls {@link
   * #setTable}.
   */
  List<Table> takeFinished() {
    return take(tables.subList(0, Math.max(0, tables.size() - 1)));
  }

  /** Removes and returns all tables. */
  List<Table> takeAll() {
    return take(tables);
  }

  private static List<Table> take(List<Table> part) {
    List<Table> taken = List.copyOf(part);
    part.clear();
    return taken;
  }

  /** Sets the L1 entry of a table. */
  void setTable(Table table, HostOffset where) {
    l1[table.index] = L1Entry.copied(where).bits();
  }

  /** {@return the content of the L1 table} */
  ByteBuffer l1() {
    ByteBuffer bytes = ByteBuffer.allocate(l1.length * Long.BYTES);
    bytes.asLongBuffer().put(l1);
    return bytes;
  }
}
