/**
 * The crash protocols: what an operation does, in which order, and how a dead one is settled.
 *
 * <p>{@link io.basedisk.domain.protocol.Operations} performs and recovers. Each operation has a
 * protocol: it plans the operation as an {@link io.basedisk.domain.model.Intent} of its own type,
 * takes the steps, and settles an intent that was left. A use case asks the protocol for the
 * intent, and calls {@code Operations} with it.
 *
 * <p>A new operation needs a record in {@code Intent}, a value of {@code Operation}, a {@link
 * io.basedisk.domain.protocol.Protocol}, and the decoding of its rows in each store.
 */
@NullMarked
package io.basedisk.domain.protocol;

import org.jspecify.annotations.NullMarked;
