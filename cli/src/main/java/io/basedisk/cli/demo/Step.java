package io.basedisk.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.TreeDocument;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A completed step of the demo.
 *
 * @param number from 1
 * @param story the explanation of the step, as lines
 * @param commands the commands that do the same
 * @param results the results of the commands
 * @param tree the lineage after the step
 * @param checks the checks after the step
 */
public record Step(
    int number,
    String title,
    ImmutableList<String> story,
    ImmutableList<String> commands,
    ImmutableList<String> results,
    TreeDocument tree,
    ImmutableList<Check> checks)
    implements Document {

  private static final String INDENT = "   ";

  /** {@return the number of checks that have failed} */
  public long failures() {
    return checks.stream().filter(check -> !check.hasPassed()).count();
  }

  @Override
  public void writeText(PrintWriter out) {
    out.println();
    out.println(number + ". " + title);
    story.forEach(line -> out.println(INDENT + line));
    commands.forEach(command -> out.println(INDENT + "$ " + command));
    results.forEach(result -> out.println(INDENT + "> " + result));
    out.println();
    tree.writeText(out, INDENT + INDENT);
    out.println();
    for (Check check : checks) {
      out.println(
          INDENT
              + (check.hasPassed() ? "ok      " : "FAILED  ")
              + check.what()
              + (check.hasPassed() ? "" : ": " + check.failure()));
    }
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("step", number);
    json.writeStringField("title", title);
    writeStrings(json, "commands", commands);
    writeStrings(json, "results", results);
    json.writeArrayFieldStart("checks");
    for (Check check : checks) {
      json.writeStartObject();
      json.writeStringField("what", check.what());
      json.writeBooleanField("passed", check.hasPassed());
      if (!check.hasPassed()) {
        json.writeStringField("failure", check.failure());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeFieldName("tree");
    tree.writeJson(json);
    json.writeEndObject();
  }

  private static void writeStrings(JsonGenerator json, String name, ImmutableList<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
