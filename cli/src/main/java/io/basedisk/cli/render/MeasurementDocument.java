package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.image.Measurement;
import java.io.IOException;
import java.io.PrintWriter;

/** A measurement with the fields and the text of {@code qemu-img measure}. */
public record MeasurementDocument(Measurement measurement) implements Document {

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (measurement.bitmaps().isPresent()) {
      json.writeNumberField("bitmaps", measurement.bitmaps().getAsLong());
    }
    json.writeNumberField("required", measurement.required());
    json.writeNumberField("fully-allocated", measurement.fullyAllocated());
    json.writeEndObject();
  }

  @Override
  public void writeText(PrintWriter out) {
    out.println("required size: " + measurement.required());
    out.println("fully allocated size: " + measurement.fullyAllocated());
    measurement.bitmaps().ifPresent(bytes -> out.println("bitmaps size: " + bytes));
  }
}
