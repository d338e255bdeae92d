package io.basedisk.oci.boxlite;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.stream.ContentSink;
import io.basedisk.oci.stream.SpoolFile;
import java.nio.file.Path;

/**
 * Takes a layer to a file, and cuts it into chunks: an archive has layers in one piece, and a chunk
 * has a limit.
 */
final class LayerSpool implements ContentSink, AutoCloseable {

  private final Path path;
  private final SpoolFile file;
  private final long chunkBytes;
  private final ImmutableList.Builder<Chunk> chunks = ImmutableList.builder();
  private Hasher hasher = Hashing.sha256().newHasher();
  private long filled;

  /**
   * @param path path of the new file
   * @param chunkBytes length of each chunk but the last
   */
  LayerSpool(Path path, long chunkBytes) {
    this.path = path;
    this.file = SpoolFile.create(path);
    this.chunkBytes = chunkBytes;
  }

  @Override
  public void write(byte[] bytes, int length) {
    file.write(bytes, length);
    int at = 0;
    while (at < length) {
      int count = (int) Math.min(length - at, chunkBytes - filled);
      hasher.putBytes(bytes, at, count);
      filled += count;
      at += count;
      if (filled == chunkBytes) {
        cut();
      }
    }
  }

  private void cut() {
    Sha256 digest = Sha256.of(hasher.hash());
    chunks.add(new Chunk(digest, filled, digest, filled));
    hasher = Hashing.sha256().newHasher();
    filled = 0;
  }

  SpooledLayer complete() {
    if (filled > 0) {
      cut();
    }
    return new SpooledLayer(path, file.complete(), file.length(), chunks.build());
  }

  @Override
  public void close() {
    file.close();
  }
}
