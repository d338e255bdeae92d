package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.SnapshotName;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Platform;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.LayerStore;
import io.basedisk.domain.port.Progress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link LayerStore} does. Extend it and say how to make one. */
public abstract class LayerStoreContract {

  private static final String NAME = "web-1";
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  /** Returns a store for writing to the place of this test, which is empty at first. */
  protected abstract LayerStore writing(String name);

  /** Returns a store for reading from the place of this test. */
  protected abstract LayerStore reading(String name);

  @Test
  void an_artifact_is_read_as_it_was_published() {
    Artifact published = publish(content(5_000, 1), content(70_000, 2), content(1, 3));
    try (LayerStore store = reading(NAME)) {
      assertEquals(published, store.artifact());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 4096, 65_536, 65_537, 1_000_000})
  void a_layer_is_read_byte_for_byte(int length) {
    byte[] content = content(length, length);
    publish(content);
    try (LayerStore store = reading(NAME)) {
      assertArrayEquals(content, read(store, store.artifact().layers().get(0)));
    }
  }

  @Test
  void a_layer_of_zeros_is_read_as_zeros() {
    publish(new byte[500_000]);
    try (LayerStore store = reading(NAME)) {
      assertArrayEquals(new byte[500_000], read(store, store.artifact().layers().get(0)));
    }
  }

  @Test
  void layers_with_the_same_content_are_told_apart_by_their_place() {
    byte[] content = content(3_000, 4);
    Artifact published = publish(content, content, content(10, 5), content);
    try (LayerStore store = reading(NAME)) {
      assertEquals(published, store.artifact());
      assertArrayEquals(content, read(store, store.artifact().layers().get(3)));
    }
  }

  @Test
  void the_same_content_gives_the_same_chunks() {
    byte[] content = content(200_000, 6);
    try (LayerStore store = writing(NAME)) {
      PackedLayer first = store.write(layer(content), new Bytes(content), Progress.NONE);
      assertEquals(first, store.write(layer(content), new Bytes(content), Progress.NONE));
    }
  }

  @Test
  void has_a_layer_once_it_is_written() {
    byte[] content = content(9_000, 7);
    Sha256 digest = digest(content);
    PackedLayer other =
        new PackedLayer(layer(content), ImmutableList.of(new Chunk(digest, 9_000, digest, 9_000)));
    try (LayerStore store = writing(NAME)) {
      PackedLayer changed =
          new PackedLayer(
              other.layer(),
              ImmutableList.of(new Chunk(digest("another".getBytes(UTF_8)), 9_000, digest, 9_000)));
      assertFalse(store.has(changed));
      PackedLayer packed = store.write(layer(content), new Bytes(content), Progress.NONE);
      assertTrue(store.has(packed));
      assertFalse(store.has(changed));
    }
  }

  @Test
  void nothing_is_visible_before_it_is_published() {
    byte[] content = content(100, 8);
    try (LayerStore writer = writing(NAME)) {
      PackedLayer written = writer.write(layer(content), new Bytes(content), Progress.NONE);
      assertEquals(content.length, written.layer().bytes());
      assertThrows(NotFoundException.class, () -> readArtifact(NAME));
    }
    assertThrows(NotFoundException.class, () -> readArtifact(NAME));
  }

  @Test
  void an_artifact_has_no_other_name_than_its_own() {
    publish(content(100, 9));
    assertThrows(NotFoundException.class, () -> readArtifact("web-2"));
  }

  @Test
  void lists_the_name_of_the_artifact() {
    publish(content(100, 10));
    try (LayerStore store = reading(NAME)) {
      assertEquals(ImmutableList.of(NAME), store.list());
    }
  }

  @Test
  void an_artifact_without_its_layers_is_not_published() {
    byte[] content = content(100, 11);
    Chunk absent = new Chunk(digest(content), 100, digest(content), 100);
    try (LayerStore store = writing(NAME)) {
      Artifact artifact =
          artifact(ImmutableList.of(new PackedLayer(layer(content), ImmutableList.of(absent))));
      assertThrows(StorageException.class, () -> store.publish(artifact));
    }
    assertThrows(NotFoundException.class, () -> readArtifact(NAME));
  }

  @Test
  void content_of_another_length_is_refused() {
    byte[] content = content(5_000, 12);
    Bytes shorter = new Bytes(content(4_999, 12));
    assertRefused(layer(content), shorter);
  }

  @Test
  void content_with_another_digest_is_refused() {
    byte[] content = content(150_000, 13);
    byte[] changed = content.clone();
    changed[149_999] ^= 1;
    assertRefused(layer(content), new Bytes(changed));
  }

  @Test
  void an_interrupt_ends_a_writing_and_stays_pending() {
    byte[] content = content(400_000, 14);
    try (LayerStore store = writing(NAME)) {
      Thread.currentThread().interrupt();
      try {
        assertThrows(
            InterruptedOperationException.class,
            () -> write(store, layer(content), new Bytes(content)));
      } finally {
        assertTrue(Thread.interrupted(), "the interrupt was lost");
      }
    }
    assertThrows(NotFoundException.class, () -> readArtifact(NAME));
  }

  @Test
  void an_interrupt_ends_a_reading_and_stays_pending() {
    publish(content(400_000, 15));
    try (LayerStore store = reading(NAME)) {
      PackedLayer layer = store.artifact().layers().get(0);
      Thread.currentThread().interrupt();
      try {
        assertThrows(InterruptedOperationException.class, () -> read(store, layer));
      } finally {
        assertTrue(Thread.interrupted(), "the interrupt was lost");
      }
    }
  }

  @Test
  void progress_grows_to_the_length_of_the_layer() {
    byte[] content = content(300_000, 16);
    Steps written = new Steps();
    Steps read = new Steps();
    try (LayerStore store = writing(NAME)) {
      PackedLayer packed = store.write(layer(content), new Bytes(content), written);
      store.publish(artifact(ImmutableList.of(packed)));
    }
    try (LayerStore store = reading(NAME)) {
      store.read(store.artifact().layers().get(0), bytes -> bytes.position(bytes.limit()), read);
    }
    written.assertComplete(300_000);
    read.assertComplete(300_000);
  }

  @Test
  void the_failure_of_a_sink_ends_the_reading() {
    publish(content(400_000, 17));
    StorageException full = new StorageException("the disk is full");
    LayerSink failing =
        bytes -> {
          throw full;
        };
    try (LayerStore store = reading(NAME)) {
      PackedLayer layer = store.artifact().layers().get(0);
      assertSame(
          full,
          assertThrows(StorageException.class, () -> store.read(layer, failing, Progress.NONE)));
    }
  }

  @Test
  void a_second_close_has_no_effect() {
    LayerStore writer = writing(NAME);
    writer.close();
    writer.close();
    publish(content(100, 18));
    LayerStore reader = reading(NAME);
    reader.close();
    reader.close();
  }

  /** Publishes layers of that content under {@link #NAME}. */
  protected final Artifact publish(byte[]... contents) {
    try (LayerStore store = writing(NAME)) {
      ImmutableList.Builder<PackedLayer> layers = ImmutableList.builder();
      for (byte[] content : contents) {
        layers.add(store.write(layer(content), new Bytes(content), Progress.NONE));
      }
      Artifact artifact = artifact(layers.build());
      store.publish(artifact);
      return artifact;
    }
  }

  private void assertRefused(Layer layer, LayerContent content) {
    try (LayerStore store = writing(NAME)) {
      assertThrows(InvalidImageException.class, () -> write(store, layer, content));
    }
    assertThrows(NotFoundException.class, () -> readArtifact(NAME));
  }

  private static void write(LayerStore store, Layer layer, LayerContent content) {
    PackedLayer written = store.write(layer, content, Progress.NONE);
    assertEquals(layer, written.layer());
  }

  private void readArtifact(String name) {
    try (LayerStore store = reading(name)) {
      assertFalse(store.artifact().layers().isEmpty());
    }
  }

  private static byte[] read(LayerStore store, PackedLayer layer) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    store.read(
        layer,
        bytes -> {
          byte[] part = new byte[bytes.remaining()];
          bytes.get(part);
          content.writeBytes(part);
        },
        Progress.NONE);
    return content.toByteArray();
  }

  private static Artifact artifact(ImmutableList<PackedLayer> layers) {
    return new Artifact(
        new BoxId("web-1"), ByteSize.parse("10G"), new Platform("amd64", "linux"), layers);
  }

  private static Layer layer(byte[] content) {
    return new Layer(
        ImageFormat.QCOW2,
        digest(content),
        content.length,
        10L << 30,
        BaseDiskKind.SNAPSHOT,
        new SnapshotName("nightly " + content.length),
        TIME.plusSeconds(content.length));
  }

  private static Sha256 digest(byte[] bytes) {
    return Sha256.of(Hashing.sha256().hashBytes(bytes));
  }

  /** Bytes: every other 512 of them can be compressed. */
  private static byte[] content(int length, long seed) {
    byte[] bytes = new byte[length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((i >> 9 & 1) == 0 ? i : random.nextInt());
    }
    return bytes;
  }

  /** Content in memory. */
  private static final class Bytes implements LayerContent {
    private final byte[] content;

    Bytes(byte[] content) {
      this.content = content;
    }

    @Override
    public long length() {
      return content.length;
    }

    @Override
    public void read(long at, ByteBuffer target) {
      target.put(content, (int) at, target.remaining());
    }

    @Override
    public void close() {}
  }

  /** Records the progress. */
  private static final class Steps implements Progress {
    private final List<Long> steps = new ArrayList<>();

    @Override
    public void at(long done, long total) {
      assertTrue(steps.isEmpty() || done >= steps.get(steps.size() - 1), "it went back");
      assertTrue(done <= total);
      steps.add(done);
    }

    void assertComplete(long bytes) {
      assertEquals(bytes, steps.get(steps.size() - 1));
    }
  }
}
