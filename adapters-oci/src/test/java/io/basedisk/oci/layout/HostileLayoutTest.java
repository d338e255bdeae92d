package io.basedisk.oci.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that are no layout, or one that could do harm. */
class HostileLayoutTest extends LayoutFixture {

  @Test
  void two_manifests_with_one_tag_are_refused() throws IOException {
    put("v1");
    Path index = layout().resolve("index.json");
    String text = Files.readString(index);
    String entry = text.substring(text.indexOf('[') + 1, text.indexOf(']'));
    String other = entry.replaceAll("sha256:[0-9a-f]{64}", "sha256:" + "b".repeat(64));
    Files.writeString(index, text.replace(entry, entry + "," + other));
    assertRefused("2 manifests have the name");
  }

  @Test
  void a_directory_with_other_files_is_refused_and_left_alone() throws IOException {
    Files.createDirectory(layout());
    Files.writeString(layout().resolve("notes.txt"), "mine");
    String message = assertThrows(InvalidArgumentException.class, () -> put("v1")).getMessage();
    assertTrue(message.contains("no OCI image layout, and not empty"), message);
    assertEquals(List.of("notes.txt"), names(layout()));
  }

  @Test
  void a_layout_of_another_version_is_refused_and_left_alone() throws IOException {
    Files.createDirectory(layout());
    Files.writeString(layout().resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");
    assertRefused("unsupported version \"2.0.0\"");
    assertThrows(InvalidImageException.class, () -> put("v1"));
    assertFalse(Files.exists(layout().resolve("blobs")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-layout", "index.json", "blobs", "blobs/sha256", "a blob"})
  @DisabledOnOs(OS.WINDOWS)
  void a_link_is_refused(String name) throws IOException {
    put("v1");
    Path file =
        name.equals("a blob")
            ? layout().resolve("blobs/sha256/" + Blobs.Blob.of(MANIFEST).digest().hex())
            : layout().resolve(name);
    Path moved = Files.move(file, directory.resolve("moved"));
    Files.createSymbolicLink(file, moved);
    assertRefused("it is a symbolic link, expected a");
    List<String> before = names(directory);
    assertThrows(
        InvalidImageException.class,
        () -> {
          try (LayoutBlobs blobs = new LayoutBlobs(layout())) {
            blobs.write(
                Blobs.Blob.of(MANIFEST),
                Files.write(temporaries.resolve("m"), MANIFEST),
                Progress.NONE);
          }
        });
    assertEquals(before, names(directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-layout", "index.json"})
  void a_directory_in_place_of_a_file_is_refused(String name) throws IOException {
    put("v1");
    Files.delete(layout().resolve(name));
    Files.createDirectory(layout().resolve(name));
    assertRefused("it is a directory, expected a regular file");
  }

  @Test
  void a_large_index_is_refused() throws IOException {
    put("v1");
    Files.write(layout().resolve("index.json"), new byte[Blobs.MAX_MANIFEST_BYTES + 1]);
    assertRefused("the limit is 4194304");
  }

  @Test
  void a_changed_manifest_is_refused() throws IOException {
    put("v1");
    Files.write(
        layout().resolve("blobs/sha256/" + Blobs.Blob.of(MANIFEST).digest().hex()),
        "{\"schemaVersion\":1}".getBytes(UTF_8));
    assertRefused("its digest is");
  }

  @Test
  void an_entry_that_is_no_descriptor_is_refused() throws Exception {
    put("v1");
    Path index = layout().resolve("index.json");
    JsonObject document = Json.read(Files.readAllBytes(index));
    var members = document.members();
    members.put("manifests", List.of("v1"));
    Files.write(index, Json.write(members));
    assertRefused("manifests[0]: expected an object");
  }
}
