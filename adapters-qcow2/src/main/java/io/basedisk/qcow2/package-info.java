/** The disk-image port of the domain, on qcow2 files. */
@NullMarked
package io.basedisk.qcow2;

import org.jspecify.annotations.NullMarked;
