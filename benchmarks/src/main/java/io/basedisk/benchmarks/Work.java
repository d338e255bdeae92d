package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;

/** Something that is measured for one or more bars. */
interface Work {

  /**
   * Measures it.
   *
   * @return a row for each of its bars that can be measured there
   */
  ImmutableList<Row> measure(Session session) throws Exception;
}
