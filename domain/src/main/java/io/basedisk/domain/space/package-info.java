/** Where the space went: what each base and box occupies, holds alone, and shares with whom. */
@NullMarked
package io.basedisk.domain.space;

import org.jspecify.annotations.NullMarked;
