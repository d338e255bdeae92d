package io.basedisk.oci.artifact;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerSink;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Unpacks one layer. A second thread reads, decompresses and checks the chunks, a few buffers ahead
 * of the calling thread, which takes the digest of the whole and feeds the sink.
 */
final class LayerUnpacker implements AutoCloseable {

  private final Blobs blobs;
  private final BufferPipe pipe = new BufferPipe();
  private final Workers decompressing = new Workers("decompress", 1);

  LayerUnpacker(Blobs blobs) {
    this.blobs = blobs;
  }

  /**
   * Unpacks the layer.
   *
   * @throws FormatException if the chunks are not what the layer says
   */
  void unpack(PackedLayer packed, LayerSink sink, Progress progress) throws FormatException {
    long bytes = packed.layer().bytes();
    Future<Optional<FormatException>> chunks =
        decompressing.submit(() -> decompress(packed.chunks()));
    Hasher hasher = Hashing.sha256().newHasher();
    long done = 0;
    for (ByteBuffer part = next(); part.hasRemaining(); part = next()) {
      hasher.putBytes(part.duplicate());
      done += part.remaining();
      sink.write(part);
      pipe.recycle(part);
      progress.at(done, bytes);
    }
    Optional<FormatException> failure = Workers.get(chunks);
    if (failure.isPresent()) {
      throw failure.get();
    }
    Sha256 digest = Sha256.of(hasher.hash());
    if (!digest.equals(packed.layer().digest())) {
      throw new FormatException("its content has the digest " + digest);
    }
  }

  private ByteBuffer next() {
    try {
      return pipe.take();
    } catch (InterruptedException e) {
      throw Workers.interrupted(e);
    }
  }

  /** {@return what is wrong with the chunks; empty if nothing} */
  private Optional<FormatException> decompress(List<Chunk> chunks) throws InterruptedException {
    // The digest of an only chunk is the layer's, which the calling thread checks.
    boolean hasOthers = chunks.size() > 1;
    try (ChunkUnpacker unpacker = new ChunkUnpacker(blobs, pipe)) {
      int number = 0;
      for (Chunk chunk : chunks) {
        try {
          unpacker.unpack(chunk, hasOthers);
        } catch (FormatException e) {
          return Optional.of(new FormatException("chunk " + number + ": " + e.reason(), e));
        }
        number++;
      }
      return Optional.empty();
    } finally {
      pipe.end();
    }
  }

  @Override
  public void close() {
    decompressing.interrupt();
  }
}
