/**
 * Growth of an image in place: new clusters at the end of the file with their refcounts, and one
 * write to the header that switches to them.
 *
 * <p>Start with {@link io.basedisk.qcow2.resize.Growth}.
 */
@NullMarked
package io.basedisk.qcow2.resize;

import org.jspecify.annotations.NullMarked;
