package io.basedisk.oci.place;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place that is not fit is refused before anything changes. */
class ArtifactPlacesTest {

  @TempDir private Path directory;
  private ArtifactPlaces places;

  @BeforeEach
  void makePlaces() {
    places = ArtifactPlaces.using(directory);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private ArtifactReference layout(String name) {
    return ArtifactReference.parse("oci:" + directory.resolve(name));
  }

  @Test
  void a_new_layout_is_not_created_before_the_export() throws IOException {
    places.forPush(layout("new")).close();

    assertEquals(List.of(), names());
  }

  @Test
  void a_directory_of_other_files_is_no_layout() throws IOException {
    Files.writeString(Files.createDirectory(directory.resolve("other")).resolve("file"), "x");

    assertThrows(InvalidArgumentException.class, () -> places.forPush(layout("other")));
  }

  @Test
  void a_layout_of_another_version_is_refused() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");

    assertThrows(InvalidImageException.class, () -> places.forPush(layout("other")));
  }

  @Test
  void the_parent_of_a_layout_must_exist() {
    assertThrows(NotFoundException.class, () -> places.forPush(layout("missing/new")));
  }

  @Test
  void a_push_needs_a_tag() {
    ArtifactReference pinned = layout("new").pinnedTo(new Sha256("0".repeat(64)));

    assertThrows(InvalidArgumentException.class, () -> places.forPush(pinned));
  }

  @Test
  void a_registry_must_answer_before_an_export() {
    ArtifactReference nowhere = ArtifactReference.parse("nowhere.invalid/web");

    assertThrows(StorageException.class, () -> places.forPush(nowhere));
    places.forPull(nowhere).close();
  }

  @Test
  void an_archive_that_exists_is_not_replaced() throws IOException {
    Path file = Files.writeString(directory.resolve("web.tar"), "x");

    assertThrows(AlreadyExistsException.class, () -> places.createArchive(file));
    assertEquals("x", Files.readString(file));
  }

  @Test
  void an_archive_that_is_given_up_leaves_nothing() throws IOException {
    places.createArchive(directory.resolve("web.tar")).close();

    assertEquals(List.of(), names());
  }

  @Test
  void what_comes_through_a_pipe_has_a_limit_and_leaves_no_file() throws IOException {
    ByteArrayInputStream pipe = new ByteArrayInputStream("x".repeat(1001).getBytes(UTF_8));

    InvalidImageException failure =
        assertThrows(
            InvalidImageException.class, () -> places.receiveArchive(pipe, "the pipe", 1000));

    assertTrue(failure.getMessage().contains("1000 bytes"), failure.getMessage());
    assertEquals(List.of(), names());
  }

  @Test
  void a_layout_is_read_when_it_is_asked_for() {
    try (LayerStore missing = places.forPull(layout("missing"))) {
      assertThrows(NotFoundException.class, missing::list);
    }
    assertFalse(Files.exists(directory.resolve("missing")));
  }

  @Test
  void an_empty_archive_has_no_artifact() throws IOException {
    byte[] endOfArchive = new byte[1024];
    Path file = Files.write(directory.resolve("web.tar"), endOfArchive);

    try (LayerStore archive = places.openArchive(file)) {
      assertThrows(InvalidImageException.class, archive::artifact);
    }
    assertEquals(ImmutableList.of("web.tar"), names());
  }
}
