package io.basedisk.oci.place;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.place.ArtifactReference.InLayout;
import io.basedisk.oci.place.ArtifactReference.InRegistry;
import io.basedisk.oci.registry.RegistryReference;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** References are read as users write them. */
class ArtifactReferenceTest {

  private static final Sha256 DIGEST = new Sha256("0123456789abcdef".repeat(4));

  @ParameterizedTest
  @CsvSource({
    "oci:images, images, latest",
    "oci:images:v1, images, v1",
    "oci:/srv/images:v1, /srv/images, v1",
    "oci:/srv/a:b/images, /srv/a:b/images, latest",
    "oci:/srv/a:b/images:v1, /srv/a:b/images, v1",
    "oci:a:b:v1, a:b, v1",
    "oci:a@b, a@b, latest",
    "oci:., ., latest",
  })
  void a_tag_in_a_layout(String text, String directory, String tag) {
    ArtifactReference reference = ArtifactReference.parse(text);

    assertEquals(new InLayout(Path.of(directory), tag), reference);
    assertFalse(reference.isPinned());
    assertEquals(reference, ArtifactReference.parse(reference.toString()));
  }

  @Test
  void a_registry() {
    ArtifactReference reference = ArtifactReference.parse("r.example/web:v1");

    assertEquals(new InRegistry(RegistryReference.parse("r.example/web:v1")), reference);
    assertEquals("v1", reference.name());
    assertFalse(reference.isPinned());
  }

  @ParameterizedTest
  @CsvSource({"oci:/srv/a:b:v1, oci:/srv/a:b", "r.example/web:v1, r.example/web"})
  void a_pinned_reference_is_read_back(String text, String place) {
    ArtifactReference pinned = ArtifactReference.parse(text).pinnedTo(DIGEST);

    assertEquals(place + "@" + DIGEST, pinned.toString());
    assertTrue(pinned.isPinned());
    assertEquals(DIGEST.toString(), pinned.name());
    assertEquals(pinned, ArtifactReference.parse(pinned.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "oci:", "oci::v1", "oci:a:", "oci:a:-v1", "oci:a:b c", "oci:\0"})
  void an_invalid_reference(String text) {
    assertThrows(InvalidArgumentException.class, () -> ArtifactReference.parse(text));
  }
}
