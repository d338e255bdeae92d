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

/** Writes JSON documents of any depth, each on one line, and either complete or not at all. */
public final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamWriteConstraints(
              // One level of a lineage tree takes two levels of JSON, and a chain may have
              // thousands.
              StreamWriteConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private Json() {}

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Value {
    /**
     * Writes the value.
     *
     * @param json the generator to write to
     * @throws IOException if the generator can't write
     */
    void writeTo(JsonGenerator json) throws IOException;
  }

  /**
   * Writes one document and a line end to {@code out}, which stays open. If {@code document} fails,
   * nothing is written.
   *
   * @param out the writer to write to
   * @param document writes the content of the document
   * @throws StorageException if the document can't be buffered
   * @throws UncheckedIOException if {@code out} fails
   */
  public static void write(Writer out, Value document) {
    try (Spool spool = new Spool()) {
      Reader text = complete(spool, document);
      text.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return a generator of JSON inside a {@code script} element} Closing it leaves {@code out}
   * open.
   */
  static JsonGenerator generatorForHtml(Writer out) throws IOException {
    return FACTORY.createGenerator(out).setCharacterEscapes(new HtmlEscapes());
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
