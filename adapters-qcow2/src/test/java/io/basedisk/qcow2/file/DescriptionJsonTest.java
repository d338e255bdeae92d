package io.basedisk.qcow2.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.basedisk.domain.model.BaseDescription;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.HomeId;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The JSON of a description, which other versions and people read. */
class DescriptionJsonTest {

  static final String VALID =
      "{\"home\":\"0123456789abcdef0123456789abcdef\",\"id\":\"abcdEF12\",\"kind\":\"snapshot\","
          + "\"name\":\"s1\",\"source_box\":\"web-1\",\"parent\":null,"
          + "\"created_at\":\"2026-11-27T05:00:00Z\"}";

  private static final BaseDescription DESCRIPTION =
      new BaseDescription(
          new HomeId("0123456789abcdef0123456789abcdef"),
          new BaseDiskId("abcdEF12"),
          BaseDiskKind.SNAPSHOT,
          new SnapshotName("s1"),
          new BoxId("web-1"),
          null,
          Instant.parse("2026-11-27T05:00:00Z"),
          ImageFormat.QCOW2);

  @Test
  void a_description_is_written_as_documented() {
    assertEquals(VALID, new String(DescriptionJson.encode(DESCRIPTION), UTF_8));
  }

  @Test
  void a_description_is_read() {
    assertEquals(Optional.of(DESCRIPTION), DescriptionJson.decode(VALID.getBytes(UTF_8)));
  }

  @Test
  void a_raw_base_says_so() {
    BaseDescription raw =
        new BaseDescription(
            DESCRIPTION.home(),
            DESCRIPTION.id(),
            DESCRIPTION.kind(),
            DESCRIPTION.name(),
            DESCRIPTION.sourceBox(),
            null,
            DESCRIPTION.createdAt(),
            ImageFormat.RAW);
    String json = VALID.replace("}", ",\"format\":\"raw\"}");

    assertEquals(json, new String(DescriptionJson.encode(raw), UTF_8));
    assertEquals(Optional.of(raw), DescriptionJson.decode(json.getBytes(UTF_8)));
    assertEquals(
        Optional.empty(), DescriptionJson.decode(json.replace("raw", "vmdk").getBytes(UTF_8)));
  }

  @Test
  void unknown_members_are_skipped() {
    String later = VALID.replace("{", "{\"later\": [1, {\"x\": true}], ");
    assertEquals(Optional.of(DESCRIPTION), DescriptionJson.decode(later.getBytes(UTF_8)));
  }

  @Test
  void a_description_of_more_than_64_kibibytes_is_invalid() {
    String padded = " ".repeat(64 << 10) + VALID;
    assertEquals(Optional.empty(), DescriptionJson.decode(padded.getBytes(UTF_8)));
  }

  @Test
  void a_duplicate_member_makes_it_invalid() {
    String twice = VALID.replace("{", "{\"id\": \"00000000\", ");
    assertEquals(Optional.empty(), DescriptionJson.decode(twice.getBytes(UTF_8)));
  }
}
