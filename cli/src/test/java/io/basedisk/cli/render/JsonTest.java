package io.basedisk.cli.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.error.InvalidImageException;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document is written whole or not at all: buffered in memory if short, else in a file. */
class JsonTest {

  private static final String ENTRY = "\u00fc".repeat(1000);

  private static final int MANY = 2 * Spool.MOST_IN_MEMORY / ENTRY.getBytes(UTF_8).length;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void a_short_document_is_written(int entries) {
    assertEquals(expected(entries), written(entries));
  }

  @Test
  void a_document_that_is_kept_in_a_file_is_written() {
    assertEquals(expected(MANY), written(MANY));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothing_is_written_of_a_document_that_fails(boolean inFile) {
    StringWriter out = new StringWriter();

    assertThrows(
        InvalidImageException.class,
        () ->
            Json.write(
                out,
                json -> {
                  writeEntries(json, inFile ? MANY : 1);
                  throw new InvalidImageException("no table can be there");
                }));
    assertEquals("", out.toString());
  }

  private static String written(int entries) {
    StringWriter out = new StringWriter();
    Json.write(
        out,
        json -> {
          writeEntries(json, entries);
          json.writeEndArray();
        });
    return out.toString();
  }

  private static void writeEntries(JsonGenerator json, int entries) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < entries; i++) {
      json.writeString(ENTRY);
    }
  }

  private static String expected(int entries) {
    String list = ("\"" + ENTRY + "\",").repeat(entries);
    return "[" + list.substring(0, Math.max(0, list.length() - 1)) + "]\n";
  }
}
