/** The disks of boxes as files: what is at their paths, and what can be told of it. */
@NullMarked
package io.basedisk.domain.disk;

import org.jspecify.annotations.NullMarked;
