package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.transfer.Transfers.ExportedLayer;
import io.basedisk.domain.transfer.Transfers.Imported;
import io.basedisk.domain.transfer.Transfers.ImportedLayer;
import java.io.IOException;
import java.io.PrintWriter;

/** Exports and imports as documents. */
public final class TransferDocuments {

  private static final int SHOWN_OF_A_DIGEST = 12;
  private static final String DIGEST = "digest";
  private static final String LAYERS = "layers";

  private TransferDocuments() {}

  /**
   * An export.
   *
   * @param layers the layers, base first
   * @param reference what names the artifact for good
   */
  public record Export(ImmutableList<ExportedLayer> layers, String reference) implements Document {

    /**
     * {@return an export as one image, without layers}
     *
     * @param reference the file, or what names the image in its place
     */
    public static Export ofImage(String reference) {
      return new Export(ImmutableList.of(), reference);
    }

    @Override
    public void writeText(PrintWriter out) {
      Text.Table table = new Text.Table("DIGEST", "SIZE", "LAYER");
      for (ExportedLayer layer : layers) {
        table.row(
            digestOf(layer.layer()),
            Sizes.human(layer.layer().bytes()),
            layer.skipped() ? "there already" : "sent");
      }
      table.write(out, "no layers");
      out.println("reference: " + Text.line(reference));
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeArrayFieldStart(LAYERS);
      for (ExportedLayer layer : layers) {
        json.writeStartObject();
        json.writeStringField(DIGEST, layer.layer().digest().toString());
        json.writeNumberField("bytes", layer.layer().bytes());
        json.writeBooleanField("skipped", layer.skipped());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("reference", reference);
      json.writeEndObject();
    }
  }

  /** An import. */
  public record Import(Imported imported) implements Document {

    @Override
    public void writeText(PrintWriter out) {
      new BoxDocuments.One(imported.box()).writeText(out);
      Text.Table table = new Text.Table("DIGEST", "SIZE", "BASE", "TRANSFERRED");
      for (ImportedLayer layer : imported.layers()) {
        table.row(
            digestOf(layer.layer()),
            Sizes.human(layer.layer().bytes()),
            layer.base().value(),
            layer.reused() ? "nothing: here already" : Sizes.human(layer.transferredBytes()));
      }
      table.write(out, "no layers");
    }

    @Override
    public void writeJson(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeFieldName("box");
      BoxDocuments.writeBox(json, imported.box());
      json.writeArrayFieldStart(LAYERS);
      for (ImportedLayer layer : imported.layers()) {
        json.writeStartObject();
        json.writeStringField(DIGEST, layer.layer().digest().toString());
        json.writeStringField("base_id", layer.base().value());
        json.writeBooleanField("reused", layer.reused());
        json.writeNumberField("transferred_bytes", layer.transferredBytes());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static String digestOf(Layer layer) {
    return layer.digest().hex().substring(0, SHOWN_OF_A_DIGEST);
  }
}
