package io.basedisk.sqlite;

import org.jooq.Field;

/** A row of a result: that of a {@link HotStatement}, or {@code row::get} of jOOQ's. */
interface StoredRow {

  /** Returns the value in a column: null where the row has none. */
  <T> T get(Field<T> column);
}
