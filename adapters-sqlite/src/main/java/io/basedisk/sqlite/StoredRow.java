package io.basedisk.sqlite;

import org.jooq.Field;

/** A row of a result: from a {@link HotStatement}, or {@code row::get} of a jOOQ record. */
interface StoredRow {

  /** {@return the value of a column; null for SQL NULL} */
  <T> T get(Field<T> column);
}
