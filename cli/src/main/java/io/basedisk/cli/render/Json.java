package io.basedisk.cli.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.StorageException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Writes JSON documents, each on one line and complete or not at all, however deep they nest. */
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
   * Writes one document and the end of its line to {@code out}, which stays open. Nothing is
   * written before all of the document is there: if {@code document} fails, {@code out} gets none
   * of it.
   *
   * @throws StorageException if the document can't be kept until it is complete
   * @throws UncheckedIOException if {@code out} does not take it
   */
  public static void write(Writer out, Value document) {
    try (Spool spool = new Spool()) {
      Reader text = complete(spool, document);
      text.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Reader complete(Spool spool, Value document) {
    try {
      Writer text = new OutputStreamWriter(spool, UTF_8);
      try (JsonGenerator json = FACTORY.createGenerator(text)) {
        document.writeTo(json);
        json.writeRaw('\n');
      }
      text.flush();
      return spool.read();
    } catch (IOException e) {
      throw FileFailure.of(
          "cannot keep the result in a temporary file until it is complete: "
              + FileFailure.reasonOf(e),
          e);
    }
  }
}
