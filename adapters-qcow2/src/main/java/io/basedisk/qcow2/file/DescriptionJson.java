package io.basedisk.qcow2.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.ImageFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A base's description as JSON: one object of strings, with null for an absent value. The file's
 * owner can write anything there, so decoding never fails: invalid JSON gives no description.
 * Unknown members are skipped, because a later version may have written them.
 */
final class DescriptionJson {

  /** Limit of the JSON in bytes. Linux stores no longer attribute. */
  private static final int MAX_LENGTH = 64 << 10;

  private static final String HOME = "home";
  private static final String ID = "id";
  private static final String KIND = "kind";
  private static final String NAME = "name";
  private static final String SOURCE_BOX = "source_box";
  private static final String PARENT = "parent";
  private static final String CREATED_AT = "created_at";

  /** Absent for qcow2, also in the descriptions of earlier versions. */
  private static final String FORMAT = "format";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private DescriptionJson() {}

  /** Encodes a description. */
  static byte[] encode(BaseDescription description) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(HOME, description.home().value());
      json.writeStringField(ID, description.id().value());
      json.writeStringField(KIND, description.kind().label());
      json.writeStringField(NAME, description.name() == null ? null : description.name().value());
      json.writeStringField(SOURCE_BOX, description.sourceBox().value());
      json.writeStringField(
          PARENT, description.parent() == null ? null : description.parent().value());
      json.writeStringField(
          CREATED_AT, description.createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
      if (description.format() != ImageFormat.QCOW2) {
        json.writeStringField(FORMAT, description.format().label());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Can't happen: the bytes go to memory.
    }
    return bytes.toByteArray();
  }

  /** Decodes a description; empty if the bytes are not one. */
  static Optional<BaseDescription> decode(byte[] bytes) {
    if (bytes.length > MAX_LENGTH) {
      return Optional.empty();
    }
    try (JsonParser json = JSON.createParser(bytes)) {
      return description(members(json));
    } catch (IOException | InvalidArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * {@return the string members of the only object; empty if there is more than one object, or
   * none}
   */
  private static Map<String, String> members(JsonParser json) throws IOException {
    Map<String, String> members = new HashMap<>();
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return members;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        members.put(name, json.getText());
      } else if (value != JsonToken.VALUE_NULL) {
        members.put(name, ""); // Invalid: no known member may be empty.
        json.skipChildren();
      }
    }
    return json.nextToken() == null ? members : Map.of();
  }

  private static Optional<BaseDescription> description(Map<String, String> members) {
    String home = members.get(HOME);
    String id = members.get(ID);
    String kind = members.get(KIND);
    @Nullable String name = members.get(NAME);
    String sourceBox = members.get(SOURCE_BOX);
    @Nullable String parent = members.get(PARENT);
    String createdAt = members.get(CREATED_AT);
    @Nullable String format = members.get(FORMAT);
    if (home == null || id == null || kind == null || sourceBox == null || createdAt == null) {
      return Optional.empty();
    }
    return Optional.of(
        new BaseDescription(
            new HomeId(home),
            new BaseDiskId(id),
            BaseDiskKind.ofLabel(kind),
            name == null ? null : BaseName.of(BaseDiskKind.ofLabel(kind), name),
            new BoxId(sourceBox),
            parent == null ? null : new BaseDiskId(parent),
            Instant.parse(createdAt).truncatedTo(ChronoUnit.SECONDS),
            format == null ? ImageFormat.QCOW2 : ImageFormat.ofLabel(format)));
  }
}
