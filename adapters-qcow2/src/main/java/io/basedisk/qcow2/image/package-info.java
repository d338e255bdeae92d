/** Opened image files: what they say of themselves, reading through a chain, a guest's writes. */
@NullMarked
package io.basedisk.qcow2.image;

import org.jspecify.annotations.NullMarked;
