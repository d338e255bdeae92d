package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * A relocation, done or planned.
 *
 * @param isDryRun whether this is only a plan
 */
public record RelocationDocument(Relocated relocated, boolean isDryRun) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    if (isNothing(relocated)) {
      out.println(relocated.to() + " is at the path that its store records: nothing to relocate");
      return;
    }
    out.println(
        (isDryRun ? "would relocate " : "relocated ")
            + (relocated.copy() ? "a copy of " : "")
            + relocated.from()
            + " to "
            + relocated.to());
    relocated
        .rewritten()
        .forEach(file -> out.println((isDryRun ? "would rewrite " : "rewrote ") + file));
    relocated
        .leftOut()
        .forEach(
            box ->
                out.println(
                    (isDryRun ? "would leave box " : "left box ")
                        + box
                        + " to "
                        + relocated.from()));
  }

  /**
   * {@return whether the home is at its recorded path, with nothing to change}
   *
   * @param relocated the result of a relocation, or of its plan
   */
  public static boolean isNothing(Relocated relocated) {
    return relocated.from().equals(relocated.to()) && relocated.rewritten().isEmpty();
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("from", relocated.from().toString());
    json.writeStringField("to", relocated.to().toString());
    json.writeBooleanField("copy", relocated.copy());
    json.writeArrayFieldStart("rewritten");
    for (Path file : relocated.rewritten()) {
      json.writeString(file.toString());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("left_out");
    for (BoxId box : relocated.leftOut()) {
      json.writeString(box.value());
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
