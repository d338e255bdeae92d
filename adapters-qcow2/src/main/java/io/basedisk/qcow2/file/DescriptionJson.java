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
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.SnapshotName;
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
 * A base's description as JSON: one object of strings, with null for what a base has not. Any owner
 * of the file may have written it, so whatever is read gives a description or none. Members that
 * are not known are skipped: a later version may have written them.
 */
final class DescriptionJson {

  /** The longest that is read, in bytes; Linux keeps no attribute that is longer. */
  private static final int MAX_LENGTH = 64 << 10;

  private static final String HOME = "home";
  private static final String ID = "id";
  private static final String KIND = "kind";
  private static final String NAME = "name";
  private static final String SOURCE_BOX = "source_box";
  private static final String PARENT = "parent";
  private static final String CREATED_AT = "created_at";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private DescriptionJson() {}

  /** Returns a description's bytes. */
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
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Not of an array of bytes.
    }
    return bytes.toByteArray();
  }

  /** Returns the description that those bytes are; empty if they are none. */
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

  /** Returns the members that are strings, of an object that is all that there is. */
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
        members.put(name, ""); // Nothing that is known is empty.
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
    if (home == null || id == null || kind == null || sourceBox == null || createdAt == null) {
      return Optional.empty();
    }
    return Optional.of(
        new BaseDescription(
            new HomeId(home),
            new BaseDiskId(id),
            BaseDiskKind.ofLabel(kind),
            name == null ? null : new SnapshotName(name),
            new BoxId(sourceBox),
            parent == null ? null : new BaseDiskId(parent),
            Instant.parse(createdAt).truncatedTo(ChronoUnit.SECONDS)));
  }
}
