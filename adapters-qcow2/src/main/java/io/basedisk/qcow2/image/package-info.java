/** Opened image files: what they say of themselves, and reading through a chain. */
@NullMarked
package io.basedisk.qcow2.image;

import org.jspecify.annotations.NullMarked;
