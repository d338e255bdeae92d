package io.basedisk.domain.model.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.basedisk.domain.model.ImageFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names a layer together with all layers below it. Two layers with the same chain id read the same,
 * whatever their homes. A layer's digest alone says nothing of the layers below.
 *
 * <p>The rule is that of the OCI image specification ("Layer ChainID"), with {@code format:digest}
 * in place of a diff id: the chain id of a layer is the SHA-256 of the lower layer's chain id, a
 * space and the layer's {@code format:digest}. That of the lowest layer is the SHA-256 of its
 * {@code format:digest} alone, so that each chain id has the same form.
 *
 * @param digest the digest over the chain
 */
public record ChainId(Sha256 digest) {

  /**
   * {@return the chain id of a layer}
   *
   * @param below chain id of the next lower layer; null for the lowest
   * @param format format of the layer
   * @param content digest of the layer
   */
  public static ChainId of(@Nullable ChainId below, ImageFormat format, Sha256 content) {
    String own = format.label() + ":" + content;
    String input = below == null ? own : below + " " + own;
    return new ChainId(Sha256.of(Hashing.sha256().hashString(input, UTF_8)));
  }

  /** {@return the digest with its algorithm: {@code sha256:9f86d0...}} */
  @Override
  public String toString() {
    return digest.toString();
  }
}
