/** The examination of a home: where store, files and headers disagree, and what would mend it. */
@NullMarked
package io.basedisk.domain.doctor;

import org.jspecify.annotations.NullMarked;
