/**
 * Writers of new image files, qcow2 and raw, from beginning to end, with many threads.
 *
 * <p>A caller describes a disk to an {@link io.basedisk.qcow2.write.ImageWriter} in ascending
 * ranges. Each range becomes jobs of a {@link io.basedisk.qcow2.write.Pipeline}: threads read and
 * compress in parallel, place clusters in turn through {@link io.basedisk.qcow2.write.Layout}, and
 * write in parallel. {@link io.basedisk.qcow2.write.NewFile} publishes the complete file under its
 * name.
 *
 * <p>Start with {@link io.basedisk.qcow2.write.ImageWriter} and {@link
 * io.basedisk.qcow2.write.Qcow2Writer}.
 */
@NullMarked
package io.basedisk.qcow2.write;

import org.jspecify.annotations.NullMarked;
