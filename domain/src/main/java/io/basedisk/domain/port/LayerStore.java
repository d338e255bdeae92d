package io.basedisk.domain.port;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.artifact.Artifact;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.PackedLayer;
import io.basedisk.domain.model.artifact.Sha256;

/**
 * A place that artifacts travel through: a directory, an archive or a registry. It is opened for
 * one reference: one name of an artifact in that place.
 *
 * <p>Export: {@link #has} or {@link #write} for each layer, then {@link #publish}. Until then, no
 * reader sees the artifact. Import: {@link #artifact}, then {@link #read} for each layer that is
 * missing.
 *
 * <p>What a place holds is hostile: whatever it sends, a method returns or throws one of our own
 * errors, in bounded memory. Bytes that reach a {@link LayerSink} may be wrong until {@link #read}
 * has returned; then they are what the digests say. If the thread is interrupted, a method ends
 * with an {@link io.basedisk.domain.error.InterruptedOperationException}, and the interrupt stays
 * pending.
 *
 * <p>Not thread-safe. To implement one, extend {@code LayerStoreContract} in a test.
 */
public interface LayerStore extends AutoCloseable {

  /**
   * {@return the names of the artifacts in this place, sorted}
   *
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   */
  ImmutableList<String> list();

  /**
   * {@return the artifact of the reference} The chunks' digests may be the only ones that were
   * checked: its layers were not read.
   *
   * @throws io.basedisk.domain.error.NotFoundException if there is none
   * @throws io.basedisk.domain.error.InvalidImageException if it is no artifact of a disk, or not
   *     valid
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   */
  Artifact artifact();

  /**
   * {@return whether the place holds all chunks of a layer} It may make them available to this
   * reference, for example from another repository of the same registry.
   *
   * @param layer the layer, as it was packed before
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   */
  boolean has(PackedLayer layer);

  /**
   * Packs a layer and stores its chunks. The same content gives the same chunks. Chunks that the
   * place holds already are not sent.
   *
   * @param layer the layer
   * @param content its content
   * @param progress receives the bytes of the content
   * @return the layer as it was stored
   * @throws io.basedisk.domain.error.InvalidImageException if the content does not have the layer's
   *     length or digest
   * @throws io.basedisk.domain.error.StorageException if the place can't be written
   */
  PackedLayer write(Layer layer, LayerContent content, Progress progress);

  /**
   * Makes the artifact visible under the reference, durably. Its layers must be there.
   *
   * @param artifact the artifact
   * @return digest of the manifest
   * @throws io.basedisk.domain.error.StorageException if the place can't be written
   */
  Sha256 publish(Artifact artifact);

  /**
   * Unpacks a layer, and checks the length and the digest of each chunk and of the whole.
   *
   * @param layer the layer
   * @param sink takes the content
   * @param progress receives the bytes of the content
   * @throws io.basedisk.domain.error.InvalidImageException if what was sent is not the layer
   * @throws io.basedisk.domain.error.StorageException if the place can't be read
   */
  void read(PackedLayer layer, LayerSink sink, Progress progress);

  /** Gives up what was not published. A second call has no effect. */
  @Override
  void close();
}
