package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.COLLECT_PENDING;
import static io.basedisk.sqlite.jooq.Tables.HOLDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.sqlite.Connections.PooledConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values and rows of a statement that is rendered once. */
class HotStatementTest {

  private static final HotStatement INSERT_BOXES =
      new HotStatement(
          (sql, values) -> values.into(sql, BOXES, BOXES.ID, BOXES.DISKS_DIR, BOXES.CREATED_AT));
  private static final HotStatement BOXES_BETWEEN =
      new HotStatement(
          (sql, values) ->
              sql.select(BOXES.ID, BOXES.DIRECTORY_INODE)
                  .from(BOXES)
                  .where(BOXES.DISKS_DIR.eq(values.of(BOXES.DISKS_DIR)))
                  .and(BOXES.CREATED_AT.lt(values.of(BOXES.CREATED_AT)))
                  .orderBy(BOXES.SEQ));

  @TempDir private Path directory;
  private Connections connections;
  private PooledConnection connection;

  @BeforeEach
  void open() {
    connections =
        Connections.open(new Database(directory.resolve("basedisk.db"), Duration.ofHours(1)));
    connection = connections.take();
  }

  @AfterEach
  void close() {
    connections.giveBack(connection);
    connections.close();
  }

  @Test
  void each_value_goes_to_its_column_in_whatever_order_they_are_given() {
    run(
        INSERT_BOXES
            .with(BOXES.CREATED_AT, 7L)
            .with(BOXES.ID, "box-1")
            .with(BOXES.DISKS_DIR, "/d"));

    assertEquals(
        ImmutableList.of("box-1"),
        list(
            BOXES_BETWEEN.with(BOXES.CREATED_AT, 8L).with(BOXES.DISKS_DIR, "/d"),
            row -> row.get(BOXES.ID)));
    assertEquals(
        ImmutableList.of(),
        list(
            BOXES_BETWEEN.with(BOXES.CREATED_AT, 7L).with(BOXES.DISKS_DIR, "/d"),
            row -> row.get(BOXES.ID)));
  }

  @Test
  void a_column_without_a_value_is_null_and_zero_is_not() {
    insertBoxes(2);
    connection
        .sql()
        .update(BOXES)
        .set(BOXES.DIRECTORY_INODE, 0L)
        .where(BOXES.ID.eq("box-1"))
        .execute();

    assertEquals(
        ImmutableList.of(true, false),
        list(
            BOXES_BETWEEN.with(BOXES.DISKS_DIR, "/d").with(BOXES.CREATED_AT, 1L),
            row -> row.get(BOXES.DIRECTORY_INODE) == null));
  }

  @Test
  void more_rows_than_one_statement_takes_are_all_inserted() {
    assertEquals(250, insertBoxes(250));

    assertEquals(250, connection.sql().fetchCount(BOXES));
    assertTrue(connection.sql().fetchExists(BOXES, BOXES.ID.eq("box-249")));
  }

  @Test
  void no_rows_are_no_statement() {
    assertEquals(0, insertBoxes(0));
  }

  @Test
  void a_value_that_is_missing_fails_before_anything_is_inserted() {
    HotStatement.Values values =
        INSERT_BOXES
            .with(BOXES.ID, "box-1")
            .with(BOXES.DISKS_DIR, "/d")
            .with(BOXES.CREATED_AT, 0L)
            .row()
            .with(BOXES.ID, "box-2")
            .with(BOXES.DISKS_DIR, "/d");

    IllegalStateException missing = assertThrows(IllegalStateException.class, () -> run(values));

    assertEquals("\"boxes\".\"created_at\" is missing", missing.getMessage());
    assertEquals(0, connection.sql().fetchCount(BOXES));
  }

  @Test
  void a_value_that_is_given_twice_fails() {
    assertThrows(
        IllegalStateException.class,
        () -> INSERT_BOXES.with(BOXES.ID, "box-1").with(BOXES.ID, "box-2"));
  }

  @Test
  void a_value_of_a_column_of_another_table_fails() {
    assertThrows(
        IllegalStateException.class, () -> INSERT_BOXES.with(COLLECT_PENDING.BASE_ID, "base0001"));
  }

  @Test
  void a_column_that_is_not_selected_fails() {
    insertBoxes(1);
    HotStatement.Values values =
        BOXES_BETWEEN.with(BOXES.DISKS_DIR, "/d").with(BOXES.CREATED_AT, 1L);

    assertThrows(IllegalStateException.class, () -> list(values, row -> row.get(HOLDS.PATH)));
  }

  private int run(HotStatement.Values values) {
    return values.run(connection.jdbc(), connections.errors());
  }

  private <T> ImmutableList<T> list(HotStatement.Values values, Function<StoredRow, T> mapper) {
    return values.list(connection.jdbc(), connections.errors(), mapper);
  }

  private int insertBoxes(int count) {
    HotStatement.Values boxes = INSERT_BOXES.rows();
    for (int i = 0; i < count; i++) {
      boxes.row().with(BOXES.ID, "box-" + i).with(BOXES.DISKS_DIR, "/d").with(BOXES.CREATED_AT, 0L);
    }
    return run(boxes);
  }
}
