package io.basedisk.domain.protocol;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.model.artifact.Layer;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerSink;
import java.nio.ByteBuffer;

/** Passes the content of a layer on, and checks its length and digest. Not thread-safe. */
final class VerifyingSink implements LayerSink {

  private final Layer layer;
  private final LayerSink target;
  private final Hasher hasher = Hashing.sha256().newHasher();
  private long taken;

  /**
   * @param layer the layer
   * @param target takes the content
   */
  VerifyingSink(Layer layer, LayerSink target) {
    this.layer = layer;
    this.target = target;
  }

  @Override
  public void write(ByteBuffer source) {
    taken += source.remaining();
    if (taken > layer.bytes()) {
      throw invalid("has more than its " + layer.bytes() + " bytes");
    }
    hasher.putBytes(source.duplicate());
    target.write(source);
  }

  /**
   * Checks what was taken.
   *
   * @throws InvalidImageException if it is not the layer
   */
  void checkComplete() {
    if (taken < layer.bytes()) {
      throw invalid("has " + taken + " of its " + layer.bytes() + " bytes");
    }
    if (!Sha256.of(hasher.hash()).equals(layer.digest())) {
      throw invalid("has content of another digest");
    }
  }

  private InvalidImageException invalid(String reason) {
    return new InvalidImageException("layer " + layer.digest() + " " + reason);
  }
}
