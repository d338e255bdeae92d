package io.basedisk.domain.compact;

import io.basedisk.domain.model.BaseDiskId;
import org.jspecify.annotations.Nullable;

/**
 * An image below a disk, as the policy sees it.
 *
 * @param base the base that it is; null if it is none that the store has a record of
 * @param goes whether it would go with the disk: it is no snapshot, nor a rootfs that has its key,
 *     and nothing needs it but the layers above it, all of which go too
 * @param bytes what its file occupies
 */
public record LayerBelow(@Nullable BaseDiskId base, boolean goes, long bytes) {}
