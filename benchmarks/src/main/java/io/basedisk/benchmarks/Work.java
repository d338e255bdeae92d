package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;

/** Work to measure for one or more bars. */
interface Work {

  /**
   * Measures the work.
   *
   * @return a row for each bar that can be measured in the session
   */
  ImmutableList<Row> measure(Session session) throws Exception;
}
