package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.doctor.Doctor.Settled;
import io.basedisk.domain.model.BoxId;
import java.io.IOException;
import java.io.PrintWriter;

/** A settled operation. */
public record SettlementDocument(Settled settled) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    BoxId box = settled.box();
    out.println("settled operation " + settled.operation() + (box == null ? "" : " of box " + box));
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    BoxId box = settled.box();
    json.writeStartObject();
    json.writeStringField("settled", settled.operation().toString());
    json.writeStringField("box", box == null ? null : box.value());
    json.writeEndObject();
  }
}
