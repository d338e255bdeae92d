package io.basedisk.app.cli.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Writes JSON documents, each on one line, however deep they nest. */
public final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamWriteConstraints(
              // A level of a lineage tree is two of JSON's, and chains may be thousands long.
              StreamWriteConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private Json() {}

  /** Writes one value. */
  @FunctionalInterface
  public interface Value {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /**
   * Writes one document and the end of its line to {@code out}, which stays open.
   *
   * @throws UncheckedIOException if {@code out} does not take it
   */
  public static void write(Writer out, Value document) {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      document.writeTo(json);
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
