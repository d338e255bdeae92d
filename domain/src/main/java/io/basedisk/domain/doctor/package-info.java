/**
 * The examination of a home: it finds where the store, the files and their headers disagree.
 *
 * <p>Start at {@link io.basedisk.domain.doctor.Doctor}. It runs an {@code Examination}, which calls
 * one class for each kind of subject: {@code BaseExamination}, {@code BoxExamination}, {@code
 * IntentExamination}, {@code OrphanExamination}, and for images {@code ChainExamination}, {@code
 * ImageExamination} and {@code ContentExamination}. Their results are {@link
 * io.basedisk.domain.doctor.Finding}s. A finding has either a {@link
 * io.basedisk.domain.doctor.Repair}, which {@code Repairs} applies after checking it again, or a
 * {@link io.basedisk.domain.error.Remedy}, which the user must apply.
 *
 * <p>{@code Acceptance} accepts the content of a changed base, and {@code StuckOperations} drops
 * the intent of an operation that can't be settled.
 */
@NullMarked
package io.basedisk.domain.doctor;

import org.jspecify.annotations.NullMarked;
