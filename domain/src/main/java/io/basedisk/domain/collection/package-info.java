/**
 * The collection of a whole home: reads every header, then removes each base that nothing needs.
 *
 * <p>The policy is in {@code gc}, the steps are in {@code protocol.Collector}.
 */
@NullMarked
package io.basedisk.domain.collection;

import org.jspecify.annotations.NullMarked;
