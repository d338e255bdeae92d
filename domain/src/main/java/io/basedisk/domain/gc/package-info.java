/**
 * The policy of garbage collection: which bases may be deleted, and why the others are kept.
 *
 * <p>{@code CollectionPolicy} decides on one base from its {@code Holders}, with a {@code Verdict}.
 * {@code HeaderSurvey} reads all headers of the home and returns {@code HeaderEvidence}: holders
 * that the store does not record. {@code CollectionPlan} applies the policy to all bases of a home.
 * No class in this package deletes anything: {@code protocol.Collector} does.
 *
 * <p>Start with {@code CollectionPolicy}. The use case that collects a whole home is {@code
 * collect.GarbageCollection}.
 */
@NullMarked
package io.basedisk.domain.gc;

import org.jspecify.annotations.NullMarked;
