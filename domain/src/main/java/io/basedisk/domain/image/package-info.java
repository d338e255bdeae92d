/**
 * Parameters and results of {@link io.basedisk.domain.port.ImageTools}, for work on single image
 * files.
 *
 * <p>{@code ImageToOpen} names the image to read and, with {@code AllowedFiles}, the backing files
 * that may be opened for it. {@code NewImageFormat} is the format of a new image. {@code
 * ImageInfo}, {@code RawImageInfo}, {@code CheckResult}, {@code RepairResult}, {@code MapEntry} and
 * {@code Measurement} are results. All are immutable.
 *
 * <p>Start with {@code ImageToOpen}.
 */
@NullMarked
package io.basedisk.domain.image;

import org.jspecify.annotations.NullMarked;
