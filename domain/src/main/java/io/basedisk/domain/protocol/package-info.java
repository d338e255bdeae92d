/** The crash protocols: what an operation does, in which order, and how a dead one is settled. */
@NullMarked
package io.basedisk.domain.protocol;

import org.jspecify.annotations.NullMarked;
