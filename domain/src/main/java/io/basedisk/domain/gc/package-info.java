/** The policy of collection: from a base and what holds it to a verdict with its reason. */
@NullMarked
package io.basedisk.domain.gc;

import org.jspecify.annotations.NullMarked;
