package io.basedisk.oci.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of foreign origin into maps, lists and strings. Numbers and booleans are strings too;
 * null members are left out.
 */
final class Json {

  private static final int MAX_DEPTH = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private Json() {}

  /**
   * Returns the only object in the bytes.
   *
   * @throws IOException if they are not one object. Its message may quote the bytes
   */
  static Map<String, Object> object(byte[] bytes) throws IOException {
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      Map<String, Object> object = members(json);
      if (json.nextToken() != null) {
        throw new IOException("more than one JSON value");
      }
      return object;
    }
  }

  /** Returns a string member of an object. */
  static Optional<String> text(Map<?, ?> object, String name) {
    return object.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** Returns an object in an object; an empty one if there is none. */
  static Map<?, ?> object(Map<?, ?> object, String name) {
    return object.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
  }

  /** Returns a list in an object; an empty one if there is none. */
  static List<?> list(Map<?, ?> object, String name) {
    return object.get(name) instanceof List<?> list ? list : List.of();
  }

  private static Map<String, Object> members(JsonParser json) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      @Nullable Object value = value(json);
      if (value != null) {
        members.put(name, value);
      }
    }
    return members;
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return members(json);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> elements = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        @Nullable Object element = value(json);
        if (element != null) {
          elements.add(element);
        }
      }
      return elements;
    }
    return token == JsonToken.VALUE_NULL ? null : json.getText();
  }
}
