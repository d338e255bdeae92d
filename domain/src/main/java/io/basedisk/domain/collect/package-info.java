/**
 * The use case of garbage collection: collects the unneeded bases of a whole home.
 *
 * <p>Start at {@code GarbageCollection}, which embedders call. It settles interrupted operations,
 * reads every header, discards orphans and deletes each unneeded base. The policy, which decides
 * what is unneeded, is in {@code gc}; the steps of a deletion are in {@code protocol.Collector}.
 */
@NullMarked
package io.basedisk.domain.collect;

import org.jspecify.annotations.NullMarked;
