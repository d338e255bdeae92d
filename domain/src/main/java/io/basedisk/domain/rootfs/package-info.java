/** The shared root file systems: entries of a cache, each found by a key. */
@NullMarked
package io.basedisk.domain.rootfs;

import org.jspecify.annotations.NullMarked;
