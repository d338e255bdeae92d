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
 * The L1 table of a file that is being written, and those L2 tables that are not in the file yet.
 * Entries are set in ascending order, so all tables but the last are finished.
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

  /** An L2 table, and the index of the L1 entry that is to refer to it. */
  record Table(int index, ByteBuffer bytes) {}

  /** Sets the entry of the cluster that begins at {@code cluster}. */
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

  /** Returns the bytes of the tables that {@link #takeFinished} would return. */
  long finishedBytes() {
    return Math.max(0, tables.size() - 1L) << geometry.clusterBits();
  }

  /** Hands on the tables before the last one, to be written and {@link #setTable placed}. */
  List<Table> takeFinished() {
    return take(tables.subList(0, Math.max(0, tables.size() - 1)));
  }

  /** Hands on all tables that were not handed on before. */
  List<Table> takeAll() {
    return take(tables);
  }

  private static List<Table> take(List<Table> part) {
    List<Table> taken = List.copyOf(part);
    part.clear();
    return taken;
  }

  /** Says where a table is. */
  void setTable(Table table, HostOffset where) {
    l1[table.index] = L1Entry.copied(where).bits();
  }

  /** Returns the content of the L1 table. */
  ByteBuffer l1() {
    ByteBuffer bytes = ByteBuffer.allocate(l1.length * Long.BYTES);
    bytes.asLongBuffer().put(l1);
    return bytes;
  }
}
