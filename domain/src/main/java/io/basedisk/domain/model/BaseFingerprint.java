package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * By what a change of a base's file is noticed, though a base never changes.
 *
 * @param modifiedAt when its content was last changed, as the file system told when it was recorded
 * @param digest its canonical digest, as {@code DiskImages.digest} computes it, or of a raw file
 *     the SHA-256 of its bytes, in lower-case hexadecimal; null until it was computed
 */
public record BaseFingerprint(Instant modifiedAt, @Nullable String digest) {}
