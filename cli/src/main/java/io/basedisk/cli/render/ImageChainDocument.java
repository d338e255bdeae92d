package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.LayerInfo;
import io.basedisk.domain.image.RawImageInfo;
import java.io.IOException;
import java.io.PrintWriter;

/** A backing chain with the fields and the text of {@code qemu-img info --backing-chain}. */
public record ImageChainDocument(ImmutableList<LayerInfo> layers) implements Document {

  private static Document of(LayerInfo layer) {
    return layer instanceof ImageInfo info
        ? new ImageInfoDocument(info)
        : new RawImageDocument((RawImageInfo) layer);
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (LayerInfo layer : layers) {
      of(layer).writeJson(json);
    }
    json.writeEndArray();
  }

  @Override
  public void writeText(PrintWriter out) {
    for (int i = 0; i < layers.size(); i++) {
      if (i > 0) {
        out.println();
      }
      of(layers.get(i)).writeText(out);
    }
  }
}
