/**
 * Garbage collection of a whole home, as a use case.
 *
 * <p>Start at {@code GarbageCollection}, which embedders call. It settles interrupted operations,
 * reads every header, discards orphans and deletes each unneeded base. The policy is in {@code gc},
 * the steps of a deletion are in {@code protocol.Collector}.
 */
@NullMarked
package io.basedisk.domain.collection;

import org.jspecify.annotations.NullMarked;
