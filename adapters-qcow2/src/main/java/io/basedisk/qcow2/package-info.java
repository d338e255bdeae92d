/**
 * The domain's ports for images, on qcow2 files: {@code Qcow2DiskImages} for the operations on a
 * home, {@code Qcow2ImageTools} for work on single image files.
 */
@NullMarked
package io.basedisk.qcow2;

import org.jspecify.annotations.NullMarked;
