package io.basedisk.oci.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.artifact.Contents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Transfers that break off. */
class BlobInputTest {

  private static final byte[] BYTES = Contents.bytes(10_000, 1);
  private static final Blobs.Blob BLOB = Blobs.Blob.of(BYTES);

  /** Offsets from which the blob was opened. */
  private final List<Long> opened = new ArrayList<>();

  @Test
  void a_transfer_that_ends_early_is_continued_where_it_ended() throws FormatException {
    assertArrayEquals(BYTES, BlobInput.readAll(new Breaking(3_000, false), BLOB));
    assertEquals(ImmutableList.of(0L, 3_000L, 6_000L, 9_000L), opened);
  }

  @Test
  void a_transfer_that_fails_is_continued_where_it_failed() throws FormatException {
    assertArrayEquals(BYTES, BlobInput.readAll(new Breaking(4_000, true), BLOB));
    assertEquals(ImmutableList.of(0L, 4_000L, 8_000L), opened);
  }

  @Test
  void a_transfer_that_brings_nothing_is_not_repeated() {
    FormatException ended =
        assertThrows(FormatException.class, () -> BlobInput.readAll(new Breaking(0, false), BLOB));
    assertEquals("it ends after 0 bytes", ended.reason());
    assertThrows(StorageException.class, () -> BlobInput.readAll(new Breaking(0, true), BLOB));
    assertEquals(ImmutableList.of(0L, 0L), opened);
  }

  @Test
  void a_place_that_breaks_off_again_and_again_is_given_up() {
    assertThrows(FormatException.class, () -> BlobInput.readAll(new Breaking(1, false), BLOB));
    assertEquals(9, opened.size());
  }

  @Test
  void an_interrupt_ends_a_reading_and_stays_pending() {
    Thread.currentThread().interrupt();
    try {
      assertThrows(
          InterruptedOperationException.class,
          () -> BlobInput.readAll(new Breaking(BYTES.length, false), BLOB));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt was lost");
    }
  }

  /** A place whose transfers break off after some bytes. */
  private final class Breaking implements Blobs {

    private final int after;
    private final boolean fails;

    Breaking(int after, boolean fails) {
      this.after = after;
      this.fails = fails;
    }

    @Override
    public InputStream read(Blob blob, long from) {
      opened.add(from);
      int count = (int) Math.min(after, BYTES.length - from);
      InputStream part = new ByteArrayInputStream(BYTES, (int) from, count);
      return new InputStream() {
        @Override
        public int read() throws IOException {
          return end(part.read());
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          return end(part.read(target, offset, length));
        }

        private int end(int result) throws IOException {
          if (result < 0 && fails && from + count < BYTES.length) {
            throw new IOException("connection reset");
          }
          return result;
        }
      };
    }

    @Override
    public boolean has(Blob blob) {
      return true;
    }

    @Override
    public void write(Blob blob, Path file, Progress progress) {}

    @Override
    public ImmutableList<String> tags() {
      return ImmutableList.of();
    }

    @Override
    public Optional<byte[]> manifest(String reference) {
      return Optional.empty();
    }

    @Override
    public void putManifest(String reference, String mediaType, byte[] manifest) {}

    @Override
    public void close() {}
  }
}
