package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.LOG_ENTRIES;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogEvent;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import io.basedisk.domain.model.Operation;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.LogRecords;
import io.basedisk.sqlite.jooq.tables.records.LogEntriesRecord;
import java.time.Instant;
import java.util.List;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The log: table {@code log_entries}. SQLite numbers the rows, and a trigger drops the oldest ones.
 */
final class LogRows implements LogRecords {

  private static final String GAP = " ";

  private static final HotStatement APPEND =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  LOG_ENTRIES,
                  LOG_ENTRIES.AT,
                  LOG_ENTRIES.EVENT,
                  LOG_ENTRIES.OPERATION,
                  LOG_ENTRIES.OPERATION_ID,
                  LOG_ENTRIES.BOXES,
                  LOG_ENTRIES.BASE_ID,
                  LOG_ENTRIES.NAME,
                  LOG_ENTRIES.DETAIL));

  private final Session session;

  LogRows(Session session) {
    this.session = session;
  }

  @Override
  public ImmutableList<LogEntry> list(LogFilter filter) {
    return session
        .list(
            session
                .sql()
                .selectFrom(LOG_ENTRIES)
                .where(LOG_ENTRIES.NUMBER.gt(filter.after()))
                .and(names(filter.box()))
                .orderBy(LOG_ENTRIES.NUMBER.desc())
                .limit(filter.limit()),
            LogRows::toEntry)
        .reverse();
  }

  private static Condition names(@Nullable BoxId box) {
    return box == null
        ? DSL.noCondition()
        : DSL.position(LOG_ENTRIES.BOXES, GAP + box.value() + GAP).gt(0);
  }

  private static LogEntry toEntry(LogEntriesRecord row) {
    return new LogEntry(
        row.getNumber(),
        Instant.ofEpochSecond(row.getAt()),
        new LoggedChange(
            LogEvent.ofLabel(row.getEvent()),
            row.getOperation() == null
                ? null
                : new Cause(
                    Operation.ofLabel(row.getOperation()), new OperationId(row.getOperationId())),
            Splitter.on(GAP)
                .omitEmptyStrings()
                .splitToStream(row.getBoxes())
                .map(BoxId::new)
                .collect(ImmutableList.toImmutableList()),
            row.getBaseId() == null ? null : new BaseDiskId(row.getBaseId()),
            row.getName(),
            row.getDetail()));
  }

  @Override
  public void append(Instant at, List<LoggedChange> changes) {
    session.change(
        () -> {
          HotStatement.Values rows = APPEND.rows();
          changes.forEach(change -> addTo(rows, at, change));
          session.run(rows);
        });
  }

  private static void addTo(HotStatement.Values rows, Instant at, LoggedChange change) {
    Cause cause = change.cause();
    BaseDiskId base = change.base();
    rows.row()
        .with(LOG_ENTRIES.AT, at.getEpochSecond())
        .with(LOG_ENTRIES.EVENT, change.event().label())
        .with(LOG_ENTRIES.OPERATION, cause == null ? null : cause.operation().label())
        .with(LOG_ENTRIES.OPERATION_ID, cause == null ? null : cause.id().value())
        .with(LOG_ENTRIES.BOXES, textOf(change.boxes()))
        .with(LOG_ENTRIES.BASE_ID, base == null ? null : base.value())
        .with(LOG_ENTRIES.NAME, change.name())
        .with(LOG_ENTRIES.DETAIL, change.detail());
  }

  private static String textOf(ImmutableList<BoxId> boxes) {
    return boxes.isEmpty() ? "" : GAP + Joiner.on(GAP).join(boxes) + GAP;
  }
}
