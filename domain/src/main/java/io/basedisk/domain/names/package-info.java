/** Names that a user may have meant: those that are spelt like a name that does not exist. */
@NullMarked
package io.basedisk.domain.names;

import org.jspecify.annotations.NullMarked;
