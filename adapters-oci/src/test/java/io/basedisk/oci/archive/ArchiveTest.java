package io.basedisk.oci.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.ArtifactStore;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.artifact.Stores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives as files and through pipes. */
class ArchiveTest {

  private static final byte[] BASE = Contents.bytes(400_000, 1);
  private static final byte[] TOP = Contents.bytes(5_000, 2);

  @TempDir Path directory;
  @TempDir Path temporaries;

  @Test
  void two_exports_of_the_same_disk_have_the_same_bytes() throws IOException {
    export("one.tar", 1);
    export("two.tar", 4);
    assertArrayEquals(
        Files.readAllBytes(directory.resolve("one.tar")),
        Files.readAllBytes(directory.resolve("two.tar")));
  }

  @Test
  void a_pipe_takes_the_same_bytes_as_a_file() throws IOException {
    export("one.tar", 2);
    assertArrayEquals(Files.readAllBytes(directory.resolve("one.tar")), exportToPipe());
  }

  @Test
  void members_say_nothing_of_this_machine() throws IOException {
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(exportToPipe()))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        names.add(each.getName());
        assertEquals(0_100644, each.getMode());
        assertEquals(0, each.getLongUserId());
        assertEquals(0, each.getLongGroupId());
        assertEquals("", each.getUserName());
        assertEquals("", each.getGroupName());
        assertEquals(0, each.getLastModifiedTime().toMillis());
      }
    }
    assertEquals("oci-layout", names.get(0));
    assertEquals("index.json", names.get(names.size() - 1));
  }

  @Test
  void a_pipe_is_read_as_what_was_written_and_leaves_no_file() throws IOException {
    byte[] archive = exportToPipe();
    try (ArtifactStore store =
        ArtifactStore.ofOnly(
            ArchiveReader.spool(
                new ByteArrayInputStream(archive), "input", archive.length, temporaries),
            "input",
            temporaries)) {
      assertEquals(0, temporaries.toFile().list().length);
      Artifact artifact = store.artifact();
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      store.read(
          artifact.layers().get(0),
          bytes -> {
            byte[] part = new byte[bytes.remaining()];
            bytes.get(part);
            content.writeBytes(part);
          },
          Progress.NONE);
      assertArrayEquals(BASE, content.toByteArray());
    }
  }

  @Test
  void a_pipe_with_more_bytes_than_the_limit_is_refused() throws IOException {
    byte[] archive = exportToPipe();
    InputStream pipe = new ByteArrayInputStream(archive);
    String message =
        assertThrows(
                InvalidImageException.class,
                () -> ArchiveReader.spool(pipe, "input", archive.length - 1, temporaries))
            .getMessage();
    assertTrue(message.contains("more than " + (archive.length - 1) + " bytes"), message);
    assertEquals(0, temporaries.toFile().list().length);
  }

  @Test
  void a_pipe_that_is_no_archive_leaves_no_file() {
    InputStream pipe = new ByteArrayInputStream(new byte[] {1, 2, 3});
    assertThrows(
        InvalidImageException.class,
        () -> ArchiveReader.spool(pipe, "input", 1 << 20, temporaries));
    assertEquals(0, temporaries.toFile().list().length);
  }

  @Test
  void a_file_that_exists_is_refused_and_left_alone() throws IOException {
    Path file = Files.writeString(directory.resolve("disk.tar"), "mine");
    AlreadyExistsException refused =
        assertThrows(AlreadyExistsException.class, () -> ArchiveWriter.create(file));
    assertEquals(Optional.of(new Remedy.ChooseFile(file)), refused.remedy());
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void a_file_that_another_process_creates_during_the_export_is_left_alone() throws IOException {
    Path file = directory.resolve("disk.tar");
    try (ArchiveWriter writer = ArchiveWriter.create(file)) {
      Files.writeString(file, "theirs");
      assertThrows(
          AlreadyExistsException.class,
          () -> writer.putManifest("v1", "application/x", new byte[] {'{', '}'}));
    }
    assertEquals("theirs", Files.readString(file));
    assertEquals(List.of("disk.tar"), List.of(directory.toFile().list()));
  }

  @Test
  void an_export_that_is_given_up_leaves_nothing() throws IOException {
    try (ArtifactStore store =
        Stores.of(ArchiveWriter.create(directory.resolve("disk.tar")), "v1", temporaries)) {
      assertEquals(
          BASE.length,
          store.write(Contents.layer(BASE), Contents.content(BASE), Progress.NONE).layer().bytes());
    }
    assertEquals(0, directory.toFile().list().length);
    assertEquals(0, temporaries.toFile().list().length);
  }

  @Test
  void a_layer_that_occurs_twice_is_stored_once() throws IOException {
    ByteArrayOutputStream once = new ByteArrayOutputStream();
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    Contents.publish(Stores.of(ArchiveWriter.to(once, "pipe"), "v1", temporaries), BASE);
    Contents.publish(Stores.of(ArchiveWriter.to(twice, "pipe"), "v1", temporaries), BASE, BASE);
    assertTrue(twice.size() < once.size() + BASE.length / 4, () -> twice + " " + once.size());
  }

  @Test
  void a_missing_file_is_not_found() {
    assertThrows(
        NotFoundException.class, () -> ArchiveReader.open(directory.resolve("missing.tar")));
  }

  private void export(String name, int threads) {
    Contents.publish(
        Stores.of(ArchiveWriter.create(directory.resolve(name)), "v1", temporaries, threads),
        BASE,
        TOP);
  }

  private byte[] exportToPipe() {
    try (ByteArrayOutputStream pipe = new ByteArrayOutputStream()) {
      Contents.publish(Stores.of(ArchiveWriter.to(pipe, "pipe"), "v1", temporaries), BASE, TOP);
      return pipe.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
