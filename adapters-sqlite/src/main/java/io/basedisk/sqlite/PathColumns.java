package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.BOXES;
import static io.basedisk.sqlite.jooq.Tables.BOX_DISKS;
import static io.basedisk.sqlite.jooq.Tables.DELETING_BASES;
import static io.basedisk.sqlite.jooq.Tables.HOLDS;
import static io.basedisk.sqlite.jooq.Tables.INTENTS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_BOXES;
import static io.basedisk.sqlite.jooq.Tables.INTENT_DISKS;
import static io.basedisk.sqlite.jooq.Tables.INTENT_FILES;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.sqlite.SqliteErrors.ConstraintViolation;
import java.nio.file.Path;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/** All columns that contain paths, to move them when the home moves. */
final class PathColumns {

  private static final ImmutableList<TableField<?, String>> ALL =
      ImmutableList.of(
          BASES.BASE_PATH,
          DELETING_BASES.BASE_PATH,
          BOXES.DISKS_DIR,
          BOX_DISKS.PATH,
          HOLDS.PATH,
          INTENTS.PLANNED_PATH,
          INTENT_BOXES.DISKS_DIR,
          INTENT_DISKS.PATH,
          INTENT_FILES.PATH);

  /** Marks a moved path until all paths are moved. No recorded path begins with it. */
  private static final String MOVED = ">";

  private final Session session;

  PathColumns(Session session) {
    this.session = session;
  }

  /**
   * Replaces {@code from} by {@code to} at the start of every path that is {@code from} or lies
   * below it.
   */
  void move(Path from, Path to) {
    for (TableField<?, String> column : ALL) {
      move(column, PathText.of(from), PathText.of(to));
    }
  }

  /**
   * Moves the paths of one column in two steps. In one step, a moved path could equal a path that
   * is not moved yet, which breaks a unique key.
   */
  private void move(TableField<?, String> column, String from, String to) {
    String below = directory(from);
    Condition isBelow = DSL.left(column, DSL.length(DSL.val(below))).eq(below);
    Field<String> moved =
        DSL.when(column.eq(from), MOVED + to)
            .otherwise(
                DSL.concat(
                    DSL.val(MOVED + directory(to)),
                    DSL.substring(column, DSL.length(DSL.val(below)).plus(1))));
    session
        .sql()
        .update(column.getTable())
        .set(column, moved)
        .where(column.eq(from).or(isBelow))
        .execute();
    try {
      session
          .sql()
          .update(column.getTable())
          .set(column, DSL.substring(column, MOVED.length() + 1))
          .where(DSL.left(column, MOVED.length()).eq(MOVED))
          .execute();
    } catch (ConstraintViolation e) {
      throw new AlreadyExistsException(
          from + ": a record names a file that moving to " + to + " would give to another");
    }
  }

  /** {@return the prefix of all paths below {@code path}} */
  private static String directory(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
