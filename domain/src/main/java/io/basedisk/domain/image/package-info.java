/**
 * The words for work on single image files: what {@link io.basedisk.domain.port.ImageTools} takes
 * and returns.
 *
 * <p>{@code ImageToOpen} says which image to read and, with {@code AllowedFiles}, which backing
 * files may be opened for it. {@code NewImageFormat} says what to write. {@code ImageInfo}, {@code
 * RawImageInfo}, {@code CheckResult}, {@code RepairResult}, {@code MapEntry} and {@code
 * Measurement} are results. All are immutable.
 */
@NullMarked
package io.basedisk.domain.image;

import org.jspecify.annotations.NullMarked;
