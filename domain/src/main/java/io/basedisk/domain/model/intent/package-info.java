/**
 * The durable plans of running operations: one record type for each operation.
 *
 * <p>{@code Intent} is the root of the sealed types. {@code BoxIntent}, {@code NewBaseIntent},
 * {@code NewDiskIntent} and {@code ReplaceDiskIntent} say what several operations have in common.
 * An intent claims boxes ({@code BoxClaim}), disk files ({@code DiskClaim}) and the base that it
 * creates ({@code PlannedBase}). An {@code AdoptIntent} has its files as {@code AdoptedFile}s, and
 * an {@code ImportArtifactIntent} its bases as {@code NewBaseFile}s.
 *
 * <p>Start with {@code Intent}, then {@code ForkIntent}.
 */
@NullMarked
package io.basedisk.domain.model.intent;

import org.jspecify.annotations.NullMarked;
