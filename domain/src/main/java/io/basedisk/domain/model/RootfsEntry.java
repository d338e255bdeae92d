package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rootfs cache's data about one of its bases.
 *
 * @param digest digest of the content, as of {@link
 *     io.basedisk.domain.port.DiskImages#contentDigest}; null if not computed
 * @param lastUsedAt time of the last use, in nanoseconds
 */
public record RootfsEntry(@Nullable String digest, Instant lastUsedAt) {}
