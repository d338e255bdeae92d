/** Images whose content operations take in: which files they consist of, guarded from writers. */
@NullMarked
package io.basedisk.domain.source;

import org.jspecify.annotations.NullMarked;
