/**
 * Open image files: their metadata, and reads of a disk through its backing chain.
 *
 * <p>{@link io.basedisk.qcow2.image.ImageFile} is one open file, {@link
 * io.basedisk.qcow2.image.ImageMetadata} its header, internal snapshots and bitmaps. {@link
 * io.basedisk.qcow2.image.DiskImage} is a disk with its chain: {@link
 * io.basedisk.qcow2.image.ChainOpener} opens the layers, and {@link io.basedisk.qcow2.image.Gate}
 * opens a backing file only if the caller's {@link io.basedisk.qcow2.image.OpenPolicy} allows it.
 * {@link io.basedisk.qcow2.image.RunFinder} finds, for each offset, the topmost layer that has it
 * allocated; {@link io.basedisk.qcow2.image.ResolvedChain} caches the result, so that a long chain
 * reads as fast as a short one. {@link io.basedisk.qcow2.image.NewImage} creates an empty image.
 *
 * <p>Start with {@link io.basedisk.qcow2.image.DiskImage#open}.
 */
@NullMarked
package io.basedisk.qcow2.image;

import org.jspecify.annotations.NullMarked;
