/**
 * The crash protocols: what an operation does, in which order, and how a dead one is settled.
 *
 * <p>{@link io.basedisk.domain.protocol.Operations} performs and recovers; one class an operation
 * has its steps and its verdict. A use case builds the intent and calls it.
 */
@NullMarked
package io.basedisk.domain.protocol;

import org.jspecify.annotations.NullMarked;
