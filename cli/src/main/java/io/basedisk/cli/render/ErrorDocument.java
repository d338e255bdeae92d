package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;

/**
 * An error as JSON.
 *
 * @param code the exit code
 * @param message what failed and why, on one line
 * @param hint the next step, on one line; empty if there is none
 */
public record ErrorDocument(int code, String message, Optional<String> hint) {

  /**
   * Writes the error as one JSON object.
   *
   * @param json the generator to write to
   * @throws IOException if the generator can't write
   */
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("error");
    json.writeNumberField("code", code);
    json.writeStringField("message", message);
    if (hint.isPresent()) {
      json.writeStringField("hint", hint.get());
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
