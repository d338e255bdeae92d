package io.basedisk.oci.artifact;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.nio.ByteBuffer;

/**
 * Decompresses chunks, one at a time, in little memory, and checks them. A chunk is one zstd frame;
 * it never gives more bytes than it declares.
 */
final class ChunkUnpacker implements AutoCloseable {

  /**
   * 8 MiB: what every decoder has to support (RFC 8878, 3.1.1.1.2). Levels up to 19 need no more.
   */
  private static final int MAX_WINDOW_LOG = 23;

  private static final int STEP = 128 << 10;

  private final Blobs blobs;
  private final BufferPipe pipe;
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final byte[] transfer = new byte[STEP];
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(STEP);

  /**
   * @param blobs has the chunks
   * @param pipe takes the content
   */
  ChunkUnpacker(Blobs blobs, BufferPipe pipe) {
    this.blobs = blobs;
    this.pipe = pipe;
  }

  /**
   * Sends the content of a chunk.
   *
   * @param chunk the chunk
   * @param isHashed whether to check the digest of the content; that of the compressed bytes is
   *     checked in any case
   * @throws FormatException if the compressed bytes or the content are not what the chunk says
   */
  void unpack(Chunk chunk, boolean isHashed) throws FormatException, InterruptedException {
    Hasher hasher = Hashing.sha256().newHasher();
    zstd.reset(); // It forgets the limit too.
    zstd.setLongMax(MAX_WINDOW_LOG);
    compressed.clear().limit(0);
    try (BlobInput blob = new BlobInput(blobs, new Blobs.Blob(chunk.blob(), chunk.blobBytes()))) {
      long left = chunk.contentBytes();
      boolean isEnd = false;
      while (!isEnd) {
        ByteBuffer part = pipe.takeEmpty();
        isEnd = fill(part, blob, left);
        left -= part.flip().remaining();
        if (isHashed) {
          hasher.putBytes(part.duplicate());
        }
        pipe.send(part);
      }
      if (left > 0) {
        throw new FormatException("its content ends " + left + " bytes early");
      }
      if (compressed.hasRemaining() || blob.remaining() > 0) {
        throw new FormatException("there are bytes after the zstd frame");
      }
      blob.verify();
    }
    if (isHashed && !Sha256.of(hasher.hash()).equals(chunk.content())) {
      throw new FormatException("its content does not have the digest " + chunk.content());
    }
  }

  /** Fills a buffer with content, and returns whether the frame has ended. */
  private boolean fill(ByteBuffer part, BlobInput blob, long left) throws FormatException {
    // One byte more than is left: the frame may end without it, but must not fill it.
    part.limit((int) Math.min(part.capacity(), left + 1));
    boolean isEnd = false;
    while (!isEnd && part.hasRemaining()) {
      int before = part.position();
      isEnd = decompress(part);
      // Without new input, zstd may still have content that did not fit in the last buffer.
      if (!isEnd && part.position() == before && !compressed.hasRemaining()) {
        refill(blob);
      }
    }
    if (part.position() > left) {
      throw new FormatException("its content has more bytes than it declares");
    }
    return isEnd;
  }

  private boolean decompress(ByteBuffer part) throws FormatException {
    try {
      return zstd.decompressDirectByteBufferStream(part, compressed);
    } catch (ZstdException e) {
      throw new FormatException("it is no valid zstd frame: " + e.getMessage(), e);
    }
  }

  private void refill(BlobInput blob) throws FormatException {
    if (blob.remaining() == 0) {
      throw new FormatException("its zstd frame is cut off");
    }
    int count = blob.read(transfer, 0, transfer.length);
    compressed.clear().put(transfer, 0, count).flip();
  }

  @Override
  public void close() {
    zstd.close();
  }
}
