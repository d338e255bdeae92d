package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Joiner;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.Cause;
import io.basedisk.domain.model.LogEntry;
import io.basedisk.domain.model.LogFilter;
import io.basedisk.domain.model.LoggedChange;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** The log as documents. */
public final class LogDocuments {

  private static final String NOTHING = "-";
  private static final String GAP = "  ";

  /** The length of the longest operation. */
  private static final int OPERATION_WIDTH = "attach_rootfs".length();

  /** The most names in a cell. */
  private static final int SHOWN_BOXES = 2;

  private LogDocuments() {}

  /**
   * Entries that were asked for at once.
   *
   * @param entries the entries
   * @param filter what was asked for
   */
  public record Many(ImmutableList<LogEntry> entries, LogFilter filter) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      Text.Table table =
          new Text.Table("TIME", "OPERATION", "BOX", "BASE", "WHAT")
              .cutting("BOX", "WHAT")
              .leavingOut("OPERATION");
      for (LogEntry entry : entries) {
        LoggedChange change = entry.change();
        table.row(
            Text.time(entry.at()),
            operationOf(change),
            boxOf(change, filter.box()),
            baseOf(change),
            what(change));
      }
      table.write(out, "no entries");
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartArray();
      for (LogEntry entry : entries) {
        writeEntry(json, entry);
      }
      json.writeEndArray();
    }
  }

  /**
   * One entry of a log that is followed. Its text is a line without a limit: the entries to come,
   * and so the widths of columns, are not known.
   *
   * @param entry the entry
   * @param filter what was asked for
   */
  public record One(LogEntry entry, LogFilter filter) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      LoggedChange change = entry.change();
      String line =
          Joiner.on(GAP)
              .join(
                  Text.time(entry.at()),
                  Strings.padEnd(operationOf(change), OPERATION_WIDTH, ' '),
                  boxOf(change, filter.box()),
                  baseOf(change),
                  what(change));
      out.println(Text.line(line));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      writeEntry(json, entry);
    }
  }

  private static String operationOf(LoggedChange change) {
    Cause cause = change.cause();
    return cause == null ? NOTHING : cause.operation().label();
  }

  private static String boxOf(LoggedChange change, @Nullable BoxId wanted) {
    ImmutableList<BoxId> boxes = change.boxes();
    if (boxes.isEmpty()) {
      return NOTHING;
    }
    if (boxes.size() <= SHOWN_BOXES) {
      return Joiner.on(", ").join(boxes);
    }
    return (wanted == null ? boxes.get(0) : wanted) + " and " + (boxes.size() - 1) + " more";
  }

  private static String baseOf(LoggedChange change) {
    return change.base() == null ? NOTHING : change.base().value();
  }

  /** {@return an entry in words: {@code forked "v1" (snapshot)}} */
  private static String what(LoggedChange change) {
    String event = change.event().label().replace('_', ' ');
    String what = change.name() == null ? event : event + " \"" + change.name() + "\"";
    return change.detail() == null ? what : what + " (" + change.detail() + ")";
  }

  private static void writeEntry(JsonGenerator json, LogEntry entry) throws IOException {
    LoggedChange change = entry.change();
    Cause cause = change.cause();
    json.writeStartObject();
    json.writeNumberField("time", entry.at().getEpochSecond());
    if (cause != null) {
      json.writeStringField("operation", cause.operation().label());
      // As text: many programs read a number of 62 bits as a less exact one.
      json.writeStringField("id", cause.id().toString());
    }
    writeBoxes(json, change.boxes());
    json.writeStringField("event", change.event().label());
    if (change.base() != null) {
      json.writeStringField("base_id", change.base().value());
    }
    if (change.name() != null) {
      json.writeStringField("name", change.name());
    }
    if (change.detail() != null) {
      json.writeStringField("detail", change.detail());
    }
    json.writeNumberField("number", entry.number());
    json.writeEndObject();
  }

  private static void writeBoxes(JsonGenerator json, ImmutableList<BoxId> boxes)
      throws IOException {
    if (!boxes.isEmpty()) {
      json.writeStringField("box", boxes.get(0).value());
    }
    if (boxes.size() > 1) {
      json.writeArrayFieldStart("boxes");
      for (BoxId box : boxes) {
        json.writeString(box.value());
      }
      json.writeEndArray();
    }
  }
}
