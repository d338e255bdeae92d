package io.basedisk.qcow2.image;

import io.basedisk.qcow2.format.HostOffset;
import io.basedisk.qcow2.format.L1Entry;
import io.basedisk.qcow2.format.L2Entry;

/** Access to the L1 table and the L2 tables of an image. */
public interface MappingTables {

  /**
   * {@return an entry of the active L1 table}
   *
   * @param index index of the entry, from 0
   */
  L1Entry l1(int index);

  /**
   * {@return an entry of an L2 table}
   *
   * @param table offset of the table, aligned to a cluster and inside the file
   * @param index index of the entry, from 0
   */
  L2Entry l2(HostOffset table, int index);
}
