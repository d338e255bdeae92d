package io.basedisk.oci.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON. A document in memory is a {@link JsonObject}; its values are {@code
 * Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Long}, {@code BigDecimal},
 * {@code Boolean} and null.
 */
public final class Json {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_STRING = 64 << 10;
  private static final int MAX_NAME = 1024;
  private static final int MAX_NUMBER = 40;

  /** Names, values and brackets: twice as many as a manifest of the largest size has. */
  private static final int MAX_TOKENS = 500_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(Blobs.MAX_MANIFEST_BYTES)
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .maxNameLength(MAX_NAME)
                  .maxNumberLength(MAX_NUMBER)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private Json() {}

  /**
   * {@return the document}
   *
   * @param bytes the document as UTF-8: one object
   * @throws FormatException if the bytes are no such document, a name occurs twice in an object, or
   *     a limit is passed
   */
  public static JsonObject read(byte[] bytes) throws FormatException {
    if (bytes.length > Blobs.MAX_MANIFEST_BYTES) {
      throw new FormatException(
          "it has " + bytes.length + " bytes, the limit is " + Blobs.MAX_MANIFEST_BYTES);
    }
    try (JsonParser json = FACTORY.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException("it is no JSON object");
      }
      Map<String, @Nullable Object> members = object(json);
      if (json.nextToken() != null) {
        throw new FormatException("there is more after the JSON object");
      }
      return new JsonObject("", members);
    } catch (IOException e) {
      throw new FormatException("it is no valid JSON: " + firstLineOf(e), e);
    }
  }

  /**
   * {@return the document as UTF-8} Names are sorted, and there is no space between values: the
   * same document gives the same bytes.
   *
   * @param members the names and values of the document
   */
  public static byte[] write(Map<String, ? extends @Nullable Object> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      write(json, members);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Can't happen: the bytes go to memory.
    }
    return bytes.toByteArray();
  }

  private static Map<String, @Nullable Object> object(JsonParser json)
      throws IOException, FormatException {
    Map<String, @Nullable Object> members = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = wellFormed(json.currentName());
      json.nextToken();
      members.put(name, value(json));
    }
    return members;
  }

  private static List<@Nullable Object> array(JsonParser json) throws IOException, FormatException {
    List<@Nullable Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json));
    }
    return values;
  }

  private static @Nullable Object value(JsonParser json) throws IOException, FormatException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_STRING -> wellFormed(json.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new FormatException("it is no valid JSON");
    };
  }

  /** The text, not the parser's value: a double would lose digits. */
  private static Object number(String text) throws FormatException {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new FormatException("it is no valid JSON: a number is too large", e);
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return number;
    }
  }

  /** Escapes can make a string that can't be written as UTF-8. */
  private static String wellFormed(String text) throws FormatException {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new FormatException("it is no valid JSON: a string has an unpaired surrogate");
    }
    return text;
  }

  private static String firstLineOf(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse("");
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> members) {
      json.writeStartObject();
      for (Map.Entry<String, @Nullable Object> member : sorted(members).entrySet()) {
        json.writeFieldName(member.getKey());
        write(json, member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> values) {
      json.writeStartArray();
      for (Object each : values) {
        write(json, each);
      }
      json.writeEndArray();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Number number) {
      json.writeNumber(number.toString());
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else {
      json.writeNull();
    }
  }

  private static Map<String, @Nullable Object> sorted(Map<?, ?> members) {
    Map<String, @Nullable Object> sorted = new TreeMap<>();
    members.forEach((name, value) -> sorted.put((String) name, value));
    return sorted;
  }
}
