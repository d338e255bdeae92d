package io.basedisk.oci.artifact;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerContent;
import io.basedisk.oci.blob.FileFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/** Compresses chunks to files, one at a time, in little memory. Not thread-safe. */
final class ChunkPacker implements AutoCloseable {

  /** Bytes that are compressed at a time. The result depends on it. */
  static final int STEP = 256 << 10;

  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final ByteBuffer input = ByteBuffer.allocateDirect(STEP);
  private final ByteBuffer output = ByteBuffer.allocateDirect(STEP);
  private final int level;

  ChunkPacker(int level) {
    this.level = level;
  }

  /**
   * Compresses a part of a layer to one zstd frame.
   *
   * @param content the layer
   * @param start offset of the part
   * @param bytes length of the part
   * @param file the file to create
   * @param isCancelled whether to give up, asked at each step
   * @return the chunk
   */
  Chunk pack(LayerContent content, long start, long bytes, Path file, BooleanSupplier isCancelled) {
    Hasher contentHash = Hashing.sha256().newHasher();
    Hasher blobHash = Hashing.sha256().newHasher();
    zstd.reset(); // It forgets the level too.
    // Each chunk has digests: a checksum of zstd's own would say nothing more.
    zstd.setLevel(level).setChecksum(false).setContentSize(true);
    zstd.setPledgedSrcSize(bytes);
    try (FileChannel target =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long done = 0; done < bytes; done += input.limit()) {
        if (isCancelled.getAsBoolean()) {
          throw new IllegalStateException("the packing was given up");
        }
        content.read(start + done, input.clear().limit((int) Math.min(STEP, bytes - done)));
        contentHash.putBytes(input.flip().duplicate());
        compress(done + input.limit() == bytes, blobHash, target);
      }
      return new Chunk(
          Sha256.of(blobHash.hash()), target.position(), Sha256.of(contentHash.hash()), bytes);
    } catch (IOException e) {
      throw FileFailures.of("cannot write", file, e);
    }
  }

  private void compress(boolean isLast, Hasher hash, FileChannel target) throws IOException {
    EndDirective directive = isLast ? EndDirective.END : EndDirective.CONTINUE;
    boolean isDone = false;
    while (!isDone) {
      boolean isFlushed = zstd.compressDirectByteBufferStream(output.clear(), input, directive);
      isDone = isLast ? isFlushed : !input.hasRemaining();
      hash.putBytes(output.flip().duplicate());
      while (output.hasRemaining()) {
        target.write(output);
      }
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
