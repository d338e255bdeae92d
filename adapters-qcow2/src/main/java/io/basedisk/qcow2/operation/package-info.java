/**
 * Operations on whole images, like those of {@code qemu-img}: convert, rebase, compare, map,
 * measure and digest.
 *
 * <p>Each operation is a public class that reads a {@link io.basedisk.qcow2.image.DiskImage} extent
 * by extent. An operation that writes an image feeds runs of whole clusters, made by {@link
 * io.basedisk.qcow2.operation.AlignedRuns}, to an {@link io.basedisk.qcow2.write.ImageWriter}. A
 * change in place holds {@link io.basedisk.qcow2.file.SoleUse}.
 *
 * <p>Start with {@link io.basedisk.qcow2.operation.Conversion} and {@link
 * io.basedisk.qcow2.operation.Rebase}.
 */
@NullMarked
package io.basedisk.qcow2.operation;

import org.jspecify.annotations.NullMarked;
