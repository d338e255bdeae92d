/**
 * Source images: images that an operation imports, as a new box's disk or as a rootfs.
 *
 * <p>{@code SourceImages} finds the files of such an image, checks that they may be opened, and
 * guards them against writers until the import is complete.
 */
@NullMarked
package io.basedisk.domain.source;

import org.jspecify.annotations.NullMarked;
