/**
 * The record of a file: which box's disk it is, or which base.
 *
 * <p>Start at {@code RecordedFiles}, which embedders call. A {@code RecordedFile} is its answer.
 */
@NullMarked
package io.basedisk.domain.which;

import org.jspecify.annotations.NullMarked;
