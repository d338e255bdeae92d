/**
 * A random walk through everything that can be done to a home, held against a plain model of its
 * boxes: over the fakes in this module's tests, over real files and a real store elsewhere.
 *
 * <p>What there is to do is in {@link io.basedisk.domain.testing.walk.Act}, what is to be refused
 * in {@link io.basedisk.domain.testing.walk.Mistake}: a new operation is one constant there.
 */
package io.basedisk.domain.testing.walk;
