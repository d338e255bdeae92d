package io.basedisk.oci.artifact;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.PrivateDirectory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

/**
 * Packs one layer. Threads compress chunks to temporary files; one more takes the digest of the
 * whole; the calling thread stores the files, in the order of the content. All threads read about
 * the same place of the layer, so that a file that is larger than memory is read once from disk.
 */
final class LayerPacker implements AutoCloseable {

  private final Blobs blobs;
  private final Packing packing;
  private final PrivateDirectory directory;
  private final LayerContent content;
  private final long chunkBytes;

  private final Queue<ChunkPacker> idle = new ConcurrentLinkedQueue<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Hasher hasher = Hashing.sha256().newHasher();
  private final Workers compressing;
  private final Workers hashing;

  private volatile boolean isCancelled;
  private long submitted;

  /**
   * @param blobs takes the chunks
   * @param packing how to pack
   * @param temporaries a directory for temporary files
   * @param content the layer's content
   */
  LayerPacker(Blobs blobs, Packing packing, Path temporaries, LayerContent content) {
    this.blobs = blobs;
    this.packing = packing;
    this.content = content;
    this.chunkBytes = packing.chunkBytesOf(content.length());
    this.directory = PrivateDirectory.in(temporaries);
    this.compressing = new Workers("compress", packing.threads());
    this.hashing = new Workers("hash", 1);
  }

  /** A chunk that is being compressed, and whose bytes are being added to the layer's digest. */
  private record Pending(Future<PackedFile> packed, Future<?> hashed) {}

  /**
   * Packs the layer, and stores its chunks.
   *
   * @throws FormatException if the content has another length or digest than the layer
   */
  ImmutableList<Chunk> pack(Layer layer, Progress progress) throws FormatException {
    if (content.length() != layer.bytes()) {
      throw new FormatException(
          "the content has " + content.length() + " bytes, not " + layer.bytes());
    }
    ImmutableList.Builder<Chunk> chunks = ImmutableList.builder();
    long stored = 0;
    submitAhead();
    while (!pending.isEmpty()) {
      Chunk chunk = store(pending.remove(), stored, progress);
      chunks.add(chunk);
      stored += chunk.contentBytes();
      progress.at(stored, layer.bytes());
      submitAhead();
    }
    Sha256 digest = Sha256.of(hasher.hash());
    if (!digest.equals(layer.digest())) {
      throw new FormatException("the content has the digest " + digest + ", not " + layer.digest());
    }
    return chunks.build();
  }

  /** Keeps the threads busy while the first chunk is stored; more would only fill the disk. */
  private void submitAhead() {
    while (submitted < content.length() && pending.size() < packing.threads() + 1) {
      long start = submitted;
      long bytes = Math.min(chunkBytes, content.length() - start);
      pending.add(
          new Pending(
              compressing.submit(() -> compress(start, bytes)),
              hashing.run(() -> hash(start, bytes))));
      submitted += bytes;
    }
  }

  private Chunk store(Pending next, long before, Progress progress) {
    PackedFile packed = Workers.get(next.packed());
    Workers.get(next.hashed());
    Chunk chunk = packed.chunk();
    blobs.write(
        new Blobs.Blob(chunk.blob(), chunk.blobBytes()),
        packed.file(),
        (sent, total) ->
            progress.at(before + chunk.contentBytes() * sent / total, content.length()));
    directory.delete(packed.file());
    return chunk;
  }

  private PackedFile compress(long start, long bytes) {
    ChunkPacker packer = idle.poll();
    if (packer == null) {
      packer = new ChunkPacker(packing.level());
    }
    try {
      Path file = directory.resolve(start + ".zst");
      return new PackedFile(packer.pack(content, start, bytes, file, () -> isCancelled), file);
    } finally {
      idle.add(packer);
    }
  }

  private void hash(long start, long bytes) {
    ByteBuffer part = ByteBuffer.allocate(ChunkPacker.STEP);
    for (long done = 0; done < bytes && !isCancelled; done += part.limit()) {
      content.read(start + done, part.clear().limit((int) Math.min(part.capacity(), bytes - done)));
      hasher.putBytes(part.flip());
    }
  }

  /** Gives up what is not packed, and waits until no thread reads the content. */
  @Override
  public void close() {
    isCancelled = true;
    compressing.close();
    hashing.close();
    idle.forEach(ChunkPacker::close);
    directory.close();
  }
}
