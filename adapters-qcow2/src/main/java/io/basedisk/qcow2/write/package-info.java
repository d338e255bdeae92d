/** New image files, written from their beginning to their end, with many threads at once. */
@NullMarked
package io.basedisk.qcow2.write;

import org.jspecify.annotations.NullMarked;
