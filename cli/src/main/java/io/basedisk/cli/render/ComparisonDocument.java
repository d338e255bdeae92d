package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.OptionalLong;

/**
 * The comparison of two disks.
 *
 * @param firstDifference the offset of the first different byte; empty if the disks are identical
 */
public record ComparisonDocument(OptionalLong firstDifference) implements Document {

  /** {@return whether the disks are identical} */
  public boolean identical() {
    return firstDifference.isEmpty();
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("identical", identical());
    if (firstDifference.isPresent()) {
      json.writeNumberField("first_difference", firstDifference.getAsLong());
    }
    json.writeEndObject();
  }

  @Override
  public void writeText(PrintWriter out) {
    out.println(
        identical()
            ? "The disks are identical."
            : "The disks differ, first at offset " + firstDifference.getAsLong() + ".");
  }
}
