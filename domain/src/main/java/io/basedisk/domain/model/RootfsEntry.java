package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the rootfs cache knows of one of its bases.
 *
 * @param digest the digest of its content, as {@link io.basedisk.domain.port.DiskImages} computes
 *     it; null where nobody had it computed
 * @param lastUsedAt when it was last asked for, to the nanosecond
 */
public record RootfsEntry(@Nullable String digest, Instant lastUsedAt) {}
