package io.basedisk.oci.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Bytes;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.layout.LayoutBlobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks that are not what the manifest says: each is refused with its reason. */
class HostileChunkTest {

  private static final byte[] CONTENT = Contents.bytes(300_000, 1);

  @TempDir Path layout;
  @TempDir Path temporaries;

  private final AtomicLong received = new AtomicLong();

  @Test
  void an_honest_chunk_is_accepted() throws IOException {
    read(layer(CONTENT, chunk(Zstd.compress(CONTENT), CONTENT)));
    assertEquals(CONTENT.length, received.get());
  }

  @Test
  void changed_bytes_are_refused() throws IOException {
    byte[] blob = Zstd.compress(CONTENT);
    Chunk chunk = chunk(blob, CONTENT);
    blob[blob.length / 2] ^= 1;
    Files.write(path(chunk.blob()), blob);
    assertRefused(layer(CONTENT, chunk), "");
  }

  @Test
  void changed_bytes_that_decompress_all_the_same_are_refused() throws IOException {
    Chunk chunk = chunk(Zstd.compress(CONTENT, 1), CONTENT);
    Files.write(path(chunk.blob()), Zstd.compress(CONTENT, 9));
    byte[] other = Files.readAllBytes(path(chunk.blob()));
    Chunk sized = new Chunk(chunk.blob(), other.length, chunk.content(), chunk.contentBytes());
    assertRefused(layer(CONTENT, sized), "its digest is");
  }

  @Test
  void a_blob_that_is_cut_off_is_refused() throws IOException {
    byte[] blob = Zstd.compress(CONTENT);
    Chunk chunk = chunk(blob, CONTENT);
    Files.write(path(chunk.blob()), Arrays.copyOf(blob, blob.length - 10));
    assertRefused(layer(CONTENT, chunk), "it ends after " + (blob.length - 10) + " bytes");
  }

  @Test
  void a_blob_with_more_bytes_than_declared_is_refused() throws IOException {
    byte[] blob = Zstd.compress(CONTENT);
    Chunk chunk = chunk(blob, CONTENT);
    Files.write(path(chunk.blob()), Bytes.concat(blob, new byte[1]));
    assertRefused(layer(CONTENT, chunk), "more than the declared " + blob.length + " bytes");
  }

  @Test
  void a_missing_blob_is_refused() throws IOException {
    Chunk chunk = chunk(Zstd.compress(CONTENT), CONTENT);
    Files.delete(path(chunk.blob()));
    assertRefused(layer(CONTENT, chunk), "is missing");
  }

  @Test
  void other_bytes_than_zstd_are_refused() throws IOException {
    assertRefused(layer(CONTENT, chunk(Contents.bytes(5_000, 2), CONTENT)), "no valid zstd frame");
  }

  @Test
  void a_frame_that_is_cut_off_is_refused() throws IOException {
    byte[] frame = Zstd.compress(CONTENT);
    byte[] cut = Arrays.copyOf(frame, frame.length - 1);
    assertRefused(layer(CONTENT, chunk(cut, CONTENT)), "its zstd frame is cut off");
  }

  @Test
  void a_second_frame_is_refused() throws IOException {
    byte[] frame = Zstd.compress(CONTENT);
    byte[] two = Bytes.concat(frame, Zstd.compress(new byte[0]));
    assertRefused(layer(CONTENT, chunk(two, CONTENT)), "bytes after the zstd frame");
  }

  @Test
  void a_bomb_is_stopped_at_the_declared_size() throws IOException {
    byte[] bomb = Zstd.compress(new byte[50 << 20]);
    byte[] declared = new byte[1000];
    assertRefused(layer(declared, chunk(bomb, declared)), "more bytes than it declares");
    assertTrue(received.get() <= declared.length, () -> "received " + received);
  }

  @Test
  void one_byte_too_many_is_refused() throws IOException {
    byte[] declared = Arrays.copyOf(CONTENT, CONTENT.length - 1);
    Chunk chunk = chunk(Zstd.compress(CONTENT), declared);
    assertRefused(layer(declared, chunk), "more bytes than it declares");
  }

  @Test
  void less_content_than_declared_is_refused() throws IOException {
    byte[] shorter = Arrays.copyOf(CONTENT, CONTENT.length - 1);
    assertRefused(layer(CONTENT, chunk(Zstd.compress(shorter), CONTENT)), "ends 1 bytes early");
  }

  @Test
  void other_content_in_an_only_chunk_is_refused() throws IOException {
    Chunk chunk = chunk(Zstd.compress(Contents.bytes(300_000, 9)), CONTENT);
    assertRefused(layer(CONTENT, chunk), "its content has the digest");
  }

  @Test
  void other_content_in_one_of_the_chunks_is_refused() throws IOException {
    byte[] half = Arrays.copyOf(CONTENT, 100_000);
    byte[] rest = Arrays.copyOfRange(CONTENT, 100_000, 300_000);
    Chunk first = chunk(Zstd.compress(half), half);
    Chunk second = chunk(Zstd.compress(Contents.bytes(200_000, 9)), rest);
    assertRefused(layer(CONTENT, first, second), "chunk 1: its content does not have the digest");
  }

  @Test
  void chunks_in_the_wrong_order_are_refused() throws IOException {
    byte[] half = Arrays.copyOf(CONTENT, 150_000);
    byte[] rest = Arrays.copyOfRange(CONTENT, 150_000, 300_000);
    Chunk first = chunk(Zstd.compress(half), half);
    Chunk second = chunk(Zstd.compress(rest), rest);
    assertRefused(layer(CONTENT, second, first), "its content has the digest");
  }

  @Test
  void a_frame_that_needs_more_memory_than_allowed_is_refused() throws IOException {
    byte[] content = new byte[40 << 20];
    byte[] frame;
    try (ZstdCompressCtx zstd = new ZstdCompressCtx().setWindowLog(25).setContentSize(true)) {
      frame = zstd.compress(content);
    }
    assertRefused(layer(content, chunk(frame, content)), "no valid zstd frame");
  }

  /** Stores a blob that is said to have that content. */
  private Chunk chunk(byte[] blob, byte[] content) throws IOException {
    Path file = Files.write(temporaries.resolve("blob"), blob);
    try (LayoutBlobs blobs = new LayoutBlobs(layout)) {
      blobs.write(Blobs.Blob.of(blob), file, Progress.NONE);
    }
    Files.delete(file);
    return new Chunk(Contents.digest(blob), blob.length, Contents.digest(content), content.length);
  }

  private static PackedLayer layer(byte[] content, Chunk... chunks) {
    return new PackedLayer(Contents.layer(content), ImmutableList.copyOf(chunks));
  }

  private Path path(Sha256 digest) {
    return layout.resolve("blobs/sha256").resolve(digest.hex());
  }

  private void read(PackedLayer layer) {
    try (ArtifactStore store = Stores.of(new LayoutBlobs(layout), "v1", temporaries)) {
      store.read(
          layer,
          bytes -> {
            received.addAndGet(bytes.remaining());
            bytes.position(bytes.limit());
          },
          Progress.NONE);
    }
  }

  private void assertRefused(PackedLayer layer, String reason) {
    String message = assertThrows(InvalidImageException.class, () -> read(layer)).getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.contains("layer " + layer.layer().digest()), message);
    assertEquals(0, temporaries.toFile().list().length);
  }
}
