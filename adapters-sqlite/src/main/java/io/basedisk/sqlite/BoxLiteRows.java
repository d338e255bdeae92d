package io.basedisk.sqlite;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ForeignHome;
import io.basedisk.domain.model.ForeignHome.ForeignBase;
import io.basedisk.domain.model.ForeignHome.ForeignBox;
import io.basedisk.domain.port.ForeignHomeReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The rows of a database of BoxLite. The database is hostile. For one thread. */
final class BoxLiteRows {

  /** The first version of the schema that has the tables of base disks. */
  private static final int FIRST_VERSION = 7;

  /** The last version of the schema that is known. */
  private static final int LAST_VERSION = 11;

  private static final String BASES = "base_disk";
  private static final String SNAPSHOTS = "snapshot";
  private static final String BOXES = "box_config";
  private static final String STATES = "box_state";
  private static final String VERSION = "schema_version";

  private static final Field<String> ID = text("id");
  private static final Field<String> NAME = text("name");
  private static final Field<String> BOX = text("box_id");
  private static final Field<String> SOURCE_BOX = text("source_box_id");
  private static final Field<String> KIND = text("kind");
  private static final Field<String> STATUS = text("status");
  private static final Field<String> PATH = text("base_path");
  private static final Field<String> PATH_IN_JSON = textInJson("base_path");
  private static final Field<String> BOX_HOME = textInJson("box_home");
  private static final Field<Long> CREATED_AT =
      DSL.field("cast({0} as integer)", SQLDataType.BIGINT, DSL.field(DSL.name("created_at")))
          .as("created_at");

  private final Path file;
  private final DSLContext sql;

  /**
   * @param file path of the database in messages
   */
  BoxLiteRows(Path file, DSLContext sql) {
    this.file = file;
    this.sql = sql;
  }

  /** {@return a text column, cut to the maximum length} */
  private static Field<String> text(String column) {
    return cut(DSL.field(DSL.name(column)), column);
  }

  /** {@return a text in the column {@code json}, cut; null if it is absent} */
  private static Field<String> textInJson(String key) {
    Field<?> json = DSL.field(DSL.name("json"));
    Field<Object> value =
        DSL.field(
            "case when json_valid({0}) then json_extract({0}, {1}) end",
            Object.class, json, DSL.inline("$." + key));
    return cut(value, key + "_in_json");
  }

  private static Field<String> cut(Field<?> value, String alias) {
    return DSL.field(
            "substr(cast({0} as text), 1, {1})",
            SQLDataType.CLOB, value, DSL.inline(ForeignHome.MAX_TEXT))
        .as(alias);
  }

  ForeignHome read() {
    return sql.transactionResult(
        transaction -> {
          ImmutableSet<String> tables = tables();
          requireVersion(tables);
          return new ForeignHome(boxes(tables), bases(tables));
        });
  }

  // The schema.

  /** {@return the names of the ordinary tables; a view could run without end} */
  private ImmutableSet<String> tables() {
    Field<String> name = text("name");
    return sql
        .select(name)
        .from(DSL.table(DSL.name("sqlite_master")))
        .where(DSL.field(DSL.name("type")).eq("table"))
        .and(DSL.field(DSL.name("sql"), String.class).likeIgnoreCase("create table%"))
        .fetchSet(name)
        .stream()
        .collect(ImmutableSet.toImmutableSet());
  }

  private void requireVersion(ImmutableSet<String> tables) {
    for (String table : ImmutableList.of(VERSION, BASES, BOXES)) {
      if (!tables.contains(table)) {
        throw new RefusedException(
            file + ": has no table " + table + ", so that it is no database of BoxLite");
      }
    }
    Field<Long> version =
        DSL.field("cast({0} as integer)", SQLDataType.BIGINT, DSL.field(DSL.name("version")));
    long found =
        sql.select(DSL.max(version)).from(table(VERSION)).fetchOptional(0, long.class).orElse(0L);
    if (found < FIRST_VERSION) {
      throw new RefusedException(
          file
              + ": has schema version "
              + found
              + ", and the first that can be adopted is "
              + FIRST_VERSION
              + "; start a newer BoxLite once");
    }
    if (found > LAST_VERSION) {
      throw new RefusedException(
          file
              + ": has schema version "
              + found
              + ", and the last that this program knows is "
              + LAST_VERSION
              + "; use a newer basedisk");
    }
  }

  private static Table<Record> table(String name) {
    return DSL.table(DSL.name(name));
  }

  /** Reads the rows of a table, oldest first. */
  private Result<Record> rows(String table, Field<?>... fields) {
    Result<Record> rows =
        sql.select(fields)
            .from(table(table))
            .orderBy(DSL.field(DSL.name("created_at")), DSL.field(DSL.name("id")))
            .limit(ForeignHomeReader.MAX_RECORDS + 1)
            .fetch();
    return requireFew(table, rows);
  }

  private <R extends Record> Result<R> requireFew(String table, Result<R> rows) {
    if (rows.size() > ForeignHomeReader.MAX_RECORDS) {
      throw new RefusedException(
          file + ": table " + table + " has more than " + ForeignHomeReader.MAX_RECORDS + " rows");
    }
    return rows;
  }

  // Boxes.

  private ImmutableList<ForeignBox> boxes(ImmutableSet<String> tables) {
    Map<String, String> states = tables.contains(STATES) ? states() : ImmutableMap.of();
    Result<Record> rows = rows(BOXES, ID, NAME, CREATED_AT, BOX_HOME);
    requireUnique(BOXES, rows);
    return rows.stream()
        .map(
            row ->
                new ForeignBox(
                    string(row, ID),
                    row.get(NAME),
                    row.get(BOX_HOME),
                    states.get(string(row, ID)),
                    time(row)))
        .collect(toImmutableList());
  }

  private Map<String, String> states() {
    Map<String, String> states = new HashMap<>();
    requireFew(
            STATES,
            sql.select(ID, STATUS)
                .from(table(STATES))
                .limit(ForeignHomeReader.MAX_RECORDS + 1)
                .fetch())
        .forEach(row -> states.put(string(row, ID), string(row, STATUS)));
    return states;
  }

  private void requireUnique(String table, Result<Record> rows) {
    Set<String> ids = new HashSet<>();
    for (Record row : rows) {
      String id = string(row, ID);
      if (!ids.add(id)) {
        throw new RefusedException(
            file + ": table " + table + " has two rows with one id; the database is damaged");
      }
    }
  }

  // Bases.

  private ImmutableList<ForeignBase> bases(ImmutableSet<String> tables) {
    Result<Record> bases = rows(BASES, ID, SOURCE_BOX, NAME, KIND, PATH, CREATED_AT);
    requireUnique(BASES, bases);
    Stream<ForeignBase> recorded =
        bases.stream()
            .map(
                row ->
                    new ForeignBase(
                        string(row, SOURCE_BOX),
                        row.get(NAME),
                        kindOf(row),
                        string(row, PATH),
                        time(row)));
    return Stream.concat(recorded, snapshots(tables)).collect(toImmutableList());
  }

  private Stream<ForeignBase> snapshots(ImmutableSet<String> tables) {
    if (!tables.contains(SNAPSHOTS)) {
      return Stream.of();
    }
    Result<Record> rows = rows(SNAPSHOTS, ID, BOX, NAME, PATH_IN_JSON, CREATED_AT);
    requireUnique(SNAPSHOTS, rows);
    return rows.stream()
        .map(
            row ->
                new ForeignBase(
                    string(row, BOX),
                    row.get(NAME),
                    BaseDiskKind.SNAPSHOT,
                    string(row, PATH_IN_JSON),
                    time(row)));
  }

  private BaseDiskKind kindOf(Record row) {
    String label = string(row, KIND);
    return Stream.of(BaseDiskKind.values())
        .filter(kind -> kind.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedException(
                    file
                        + ": has a base whose kind is none of "
                        + Joiner.on(", ")
                            .join(
                                Stream.of(BaseDiskKind.values())
                                    .map(BaseDiskKind::label)
                                    .iterator())));
  }

  private static String string(Record row, Field<String> field) {
    @Nullable String value = row.get(field);
    return value == null ? "" : value;
  }

  private static long time(Record row) {
    @Nullable Long seconds = row.get(CREATED_AT);
    return seconds == null ? 0 : seconds;
  }
}
