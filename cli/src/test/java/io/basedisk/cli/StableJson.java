package io.basedisk.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the JSON of one scenario so that it is equal in each run. Ids, times, paths, allocated
 * bytes and sentences become placeholders. Fields, their order, types and all other values stay.
 *
 * <p>An id gets a number when it first appears, and the same number wherever it appears later.
 * Sentences become placeholders because the contract does not cover their wording.
 */
final class StableJson {

  /** The placeholder of the scenario's directory, in commands and files. */
  static final String DIRECTORY = "<dir>";

  private static final ImmutableSet<String> SENTENCES =
      ImmutableSet.of(
          "message",
          "hint",
          "detail",
          "reason",
          "left",
          "problem",
          "why",
          "title",
          "what",
          "commands",
          "results");

  private static final ImmutableSet<String> BASE_IDS =
      ImmutableSet.of(
          "id",
          "base_id",
          "parent_id",
          "kept_base",
          "base",
          "merged",
          "collected",
          "children",
          "holds",
          "unknown_names");

  private static final ImmutableSet<String> TIMES =
      ImmutableSet.of("created_at", "last_used_at", "time");

  /** These depend on the file system, except zero. */
  private static final ImmutableSet<String> ALLOCATED =
      ImmutableSet.of(
          "allocated_bytes",
          "exclusive_bytes",
          "reclaimable_bytes",
          "freed_bytes",
          "written_bytes",
          "replaced_bytes",
          "actual-size");

  private static final Pattern BASE_ID = Pattern.compile("[0-9A-Za-z]{8}");
  private static final Pattern OPERATION_ID = Pattern.compile("[0-9]{10,19}");
  private static final Pattern HOME_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{9}");
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]*");
  private static final Pattern REMEDY_COMMAND = Pattern.compile(": basedisk .*");
  private static final Pattern SETTLED_OPERATION = Pattern.compile("(?<=--settle )[0-9]+");

  /** A manifest has the times of its layers. A layer's own digest is the same in each run. */
  private static final Pattern MANIFEST = Pattern.compile("sha256:[0-9a-f]{64}$");

  private static final Pattern DEMO_SCRATCH = Pattern.compile("^/.*(?=/home/bases/)");

  private final String directory;
  private final Map<String, String> placeholders = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /**
   * @param directory the directory of the scenario; a real path
   */
  StableJson(Path directory) {
    this.directory = directory.toString();
  }

  /** Writes a JSON document to {@code out}, indented, as the value that comes next. */
  void write(String document, JsonGenerator out) throws IOException {
    try (JsonParser in = new JsonFactory().createParser(document)) {
      // In an array it stays the name of the array.
      String field = "";
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          field = in.currentName();
        }
        if (token == JsonToken.VALUE_STRING) {
          out.writeString(string(field, in.getText()));
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
          writeNumber(field, in.getText(), out);
        } else {
          out.copyCurrentEvent(in);
        }
      }
    }
  }

  /** Returns a printer that puts each field and each entry of an array on a line of its own. */
  static DefaultPrettyPrinter printer() {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER));
    printer.indentArraysWith(lines);
    printer.indentObjectsWith(lines);
    return printer;
  }

  /** Returns {@code text} with placeholders for the directory and all ids that appeared so far. */
  String text(String text) {
    String stable =
        DEMO_SCRATCH.matcher(text.replace(directory, DIRECTORY)).replaceFirst("<scratch>");
    for (Map.Entry<String, String> id : placeholders.entrySet()) {
      stable = stable.replace(id.getKey(), id.getValue());
    }
    return stable;
  }

  private String string(String field, String value) {
    if (SENTENCES.contains(field)) {
      return "<text>";
    }
    if (field.equals("repair")) {
      return "<text>" + commandIn(value);
    }
    if (field.equals("id") && HOME_ID.matcher(value).matches()) {
      return placeholder("home id", value);
    }
    if (field.equals("id") && OPERATION_ID.matcher(value).matches()) {
      return placeholder("operation", value);
    }
    if (BASE_IDS.contains(field) && BASE_ID.matcher(value).matches()) {
      return placeholder("base", value);
    }
    if (field.equals("reference")) {
      return text(MANIFEST.matcher(value).replaceFirst("<manifest>"));
    }
    return text(value);
  }

  /** Returns the command at the end of a doctor's sentence; a program may run it. */
  private String commandIn(String remedy) {
    Matcher settled = SETTLED_OPERATION.matcher(remedy);
    if (settled.find()) {
      placeholder("operation", settled.group());
    }
    return REMEDY_COMMAND
        .matcher(remedy)
        .results()
        .map(MatchResult::group)
        .map(this::text)
        .findFirst()
        .orElse("");
  }

  private String placeholder(String kind, String id) {
    return placeholders.computeIfAbsent(
        id, unknown -> "<" + kind + " " + numbers.merge(kind, 1, Integer::sum) + ">");
  }

  private static void writeNumber(String field, String digits, JsonGenerator out)
      throws IOException {
    if (TIMES.contains(field) && SECONDS.matcher(digits).matches()) {
      out.writeString("<time>");
    } else if (ALLOCATED.contains(field) && COUNT.matcher(digits).matches()) {
      out.writeString("<bytes>");
    } else {
      out.writeNumber(digits);
    }
  }
}
