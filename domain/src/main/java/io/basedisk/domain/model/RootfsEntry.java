package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rootfs cache's data about one of its bases.
 *
 * @param digest digest of the content, as of {@link
 *     io.basedisk.domain.port.DiskImages#contentDigest}; null if not computed
 * @param lastUsedAt time of the last use, in nanoseconds
 * @param origin where the content came from: the absolute path of an image, or the reference of an
 *     artifact; null if unknown
 */
public record RootfsEntry(@Nullable String digest, Instant lastUsedAt, @Nullable String origin) {

  /**
   * {@return the same data with another time of the last use}
   *
   * @param time see {@link #lastUsedAt}
   */
  public RootfsEntry usedAt(Instant time) {
    return new RootfsEntry(digest, time, origin);
  }
}
