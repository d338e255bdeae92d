package io.basedisk.domain.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The recorded state of a base's file. A difference shows that the file was changed, although a
 * base must never change.
 *
 * @param modifiedAt modification time of the file when the fingerprint was recorded
 * @param digest digest in lower-case hexadecimal: for qcow2 the canonical digest of {@code
 *     DiskImages.digest}, for raw the SHA-256 of the file; null if not computed yet
 */
public record BaseFingerprint(Instant modifiedAt, @Nullable String digest) {}
