package io.basedisk.domain.compact;

import io.basedisk.domain.model.BaseDiskId;
import org.jspecify.annotations.Nullable;

/**
 * A layer below a disk, as input of the policy.
 *
 * @param base the recorded base that is the layer; null if it is not a recorded base
 * @param isPrivate whether the layer is private: it is neither a snapshot nor a rootfs with a key,
 *     and only the layers above it need it, which are private too
 * @param bytes space that its file occupies, in bytes
 */
public record LayerBelow(@Nullable BaseDiskId base, boolean isPrivate, long bytes) {}
