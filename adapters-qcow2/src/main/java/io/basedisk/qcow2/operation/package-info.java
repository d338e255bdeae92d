/** Operations on whole images, in the manner of {@code qemu-img}. */
@NullMarked
package io.basedisk.qcow2.operation;

import org.jspecify.annotations.NullMarked;
