/** What the domain needs from outside, as contracts that an adapter implements. */
@NullMarked
package io.basedisk.domain.port;

import org.jspecify.annotations.NullMarked;
