package io.basedisk.oci.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.oci.artifact.Contents;
import io.basedisk.oci.artifact.Stores;
import io.basedisk.oci.blob.Blobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A layout in a directory: what it leaves alone, what it refuses, and what a crash leaves. */
class LayoutBlobsTest extends LayoutFixture {

  @Test
  void two_exports_of_the_same_disk_have_the_same_bytes() throws IOException {
    byte[] base = Contents.bytes(700_000, 1);
    byte[] top = Contents.bytes(90_000, 2);
    for (int threads : new int[] {1, 4}) {
      Path target = directory.resolve("with-" + threads);
      Contents.publish(Stores.of(new LayoutBlobs(target), "v1", temporaries, threads), base, top);
    }
    assertEquals(names(directory.resolve("with-1")), names(directory.resolve("with-4")));
    for (String name : names(directory.resolve("with-1"))) {
      assertArrayEquals(
          Files.readAllBytes(directory.resolve("with-1").resolve(name)),
          Files.readAllBytes(directory.resolve("with-4").resolve(name)),
          name);
    }
  }

  @Test
  void an_export_leaves_no_temporary_file() throws IOException {
    export("v1");
    assertEquals(0, temporaries.toFile().list().length);
    assertTrue(names(layout()).stream().noneMatch(name -> name.endsWith(".tmp")));
  }

  @Test
  void entries_of_other_tools_stay_as_they_are() throws IOException {
    export("v1");
    String theirs =
        "{\"annotations\":{\"org.opencontainers.image.ref.name\":\"theirs\"},\"digest\":\"sha256:"
            + "a".repeat(64)
            + "\",\"mediaType\":\"application/x\",\"size\":7,\"unknown\":[1.5,null,{\"b\":true}]}";
    Path index = layout().resolve("index.json");
    String before = Files.readString(index);
    Files.writeString(
        index,
        before.replace("\"manifests\":[", "\"other\":\"kept\",\"manifests\":[" + theirs + ","));
    put("v2");
    put("v1");
    String after = Files.readString(index);
    assertTrue(after.contains(theirs), after);
    assertTrue(after.contains("\"other\":\"kept\""), after);
    assertEquals(List.of("theirs", "v1", "v2"), new LayoutBlobs(layout()).tags());
  }

  @Test
  void a_tag_that_is_there_is_replaced() throws IOException {
    export("v1");
    put("v1");
    LayoutBlobs blobs = new LayoutBlobs(layout());
    assertArrayEquals(MANIFEST, blobs.manifest("v1").orElseThrow());
    assertEquals(ImmutableList.of("v1"), blobs.tags());
  }

  @Test
  void a_manifest_is_found_by_its_digest() throws IOException {
    put("v1");
    put(Blobs.Blob.of(MANIFEST).digest().toString());
    LayoutBlobs blobs = new LayoutBlobs(layout());
    String digest = Blobs.Blob.of(MANIFEST).digest().toString();
    assertArrayEquals(MANIFEST, blobs.manifest(digest).orElseThrow());
    assertEquals(ImmutableList.of(digest, "v1"), blobs.tags());
  }

  @Test
  void another_writer_is_refused() throws IOException {
    try (LayoutBlobs first = new LayoutBlobs(layout());
        LayoutBlobs second = new LayoutBlobs(layout())) {
      first.putManifest("v1", TYPE, MANIFEST);
      String message =
          assertThrows(RefusedException.class, () -> second.putManifest("v2", TYPE, MANIFEST))
              .getMessage();
      assertTrue(message.contains("another operation is writing"), message);
    }
    put("v2");
    assertEquals(ImmutableList.of("v1", "v2"), new LayoutBlobs(layout()).tags());
  }

  @Test
  void a_writer_in_another_process_is_refused_too() throws Exception {
    put("v1");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LayoutBlobsTest.class.getName(),
                layout().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('!', other.getInputStream().read());
      try (LayoutBlobs blobs = new LayoutBlobs(layout())) {
        assertThrows(RefusedException.class, () -> blobs.putManifest("v2", TYPE, MANIFEST));
      }
    } finally {
      other.destroyForcibly().waitFor();
    }
    put("v2"); // The end of a process releases its lock.
  }

  @Test
  void what_a_killed_writer_left_is_removed_by_the_next() throws IOException {
    put("v1");
    Path left = Files.writeString(layout().resolve("blobs/sha256/.basedisk-1.tmp"), "half");
    Path other = Files.writeString(layout().resolve("blobs/sha256/.nfs-1.tmp"), "theirs");
    put("v2");
    assertFalse(Files.exists(left));
    assertTrue(Files.exists(other));
  }

  @Test
  void a_writer_that_was_killed_before_its_index_leaves_an_empty_layout() throws IOException {
    put("v1");
    Files.delete(layout().resolve("index.json"));
    assertEquals(ImmutableList.of(), new LayoutBlobs(layout()).tags());
    put("v2");
    assertEquals(ImmutableList.of("v2"), new LayoutBlobs(layout()).tags());
  }

  @Test
  void a_damaged_blob_is_written_again() throws IOException {
    byte[] content = Contents.bytes(50_000, 3);
    Contents.publish(Stores.of(new LayoutBlobs(layout()), "v1", temporaries), content);
    for (Path blob : blobs()) {
      byte[] bytes = Files.readAllBytes(blob);
      bytes[bytes.length / 2] ^= 1;
      Files.write(blob, bytes);
    }
    Contents.publish(Stores.of(new LayoutBlobs(layout()), "v1", temporaries), content);
    for (Path blob : blobs()) {
      assertEquals(blob.getFileName().toString(), Contents.digest(Files.readAllBytes(blob)).hex());
    }
  }

  /** Writes to a layout, and holds its lock until it is killed. */
  public static void main(String[] arguments) throws Exception {
    LayoutBlobs blobs = new LayoutBlobs(Path.of(arguments[0]));
    blobs.putManifest("other", TYPE, MANIFEST);
    System.out.print('!');
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}
