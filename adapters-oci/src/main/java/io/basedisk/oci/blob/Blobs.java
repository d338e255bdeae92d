package io.basedisk.oci.blob;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place that holds blobs and manifests by their digests, and names manifests by tags: a
 * directory, an archive or a repository of a registry. What it sends is hostile: the caller checks
 * digests and sizes of what it reads.
 *
 * <p>Failures are {@link io.basedisk.domain.error.StorageException}s. An interrupt ends a method
 * with an {@link io.basedisk.domain.error.InterruptedOperationException} and stays pending. Methods
 * may be called by several threads at once, except {@link #close}.
 */
public interface Blobs extends AutoCloseable {

  /** Limit of a manifest's size: 4 MiB, as in most registries. */
  int MAX_MANIFEST_BYTES = 4 << 20;

  /**
   * A blob.
   *
   * @param digest digest of its bytes
   * @param bytes number of its bytes, 0 or more
   */
  record Blob(Sha256 digest, long bytes) {

    /**
     * {@return the digest and size of some bytes}
     *
     * @param content the bytes
     */
    public static Blob of(byte[] content) {
      return new Blob(Sha256.of(Hashing.sha256().hashBytes(content)), content.length);
    }
  }

  /**
   * {@return whether a reference is a digest, not a tag}
   *
   * @param reference a tag or {@code sha256:...}
   */
  static boolean isDigest(String reference) {
    return reference.contains(":"); // No tag can have a colon.
  }

  /**
   * {@return whether the place holds a blob with that digest and size}
   *
   * @param blob the blob
   */
  boolean has(Blob blob);

  /**
   * Stores a blob. No effect if it is there already.
   *
   * @param blob the blob
   * @param file a file with its bytes
   * @param progress receives the bytes that were sent
   */
  void write(Blob blob, Path file, Progress progress);

  /**
   * Opens a blob for reading.
   *
   * @param blob the blob
   * @param from offset of the first byte to read, at most the blob's size
   * @return its bytes, for the caller to close and to check; it may end early, or have more
   * @throws io.basedisk.domain.error.NotFoundException if the place does not hold it
   */
  InputStream read(Blob blob, long from);

  /** {@return the tags, and the digest of each manifest that is listed without a tag, sorted} */
  ImmutableList<String> tags();

  /**
   * {@return the manifest that a tag or digest names; empty if there is none} At most {@link
   * #MAX_MANIFEST_BYTES}; a longer one is an {@link
   * io.basedisk.domain.error.InvalidImageException}.
   *
   * @param reference a tag or {@code sha256:...}
   */
  Optional<byte[]> manifest(String reference);

  /**
   * Stores a manifest and, if {@code reference} is a tag, gives it the tag. Durable on return.
   *
   * @param reference a tag or {@code sha256:...}
   * @param mediaType the manifest's media type
   * @param manifest its bytes
   */
  void putManifest(String reference, String mediaType, byte[] manifest);

  /**
   * Stores a manifest that an index is going to name. It gets no name of its own.
   *
   * @param mediaType the manifest's media type
   * @param manifest its bytes
   */
  default void putPart(String mediaType, byte[] manifest) {
    putManifest(Blob.of(manifest).digest().toString(), mediaType, manifest);
  }

  /** Releases what is open, and removes what is incomplete. A second call has no effect. */
  @Override
  void close();
}
