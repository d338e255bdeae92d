/**
 * The check of an image: all refcounts computed anew from what the tables refer to, and compared
 * with those in the file.
 *
 * <p>It finds what {@code qemu-img check} finds, and counts it in the same way. It never changes
 * anything. Whatever a file contains, a check takes a bounded amount of memory, and reads each
 * table as good as once, however often others refer to it.
 */
@NullMarked
package io.basedisk.qcow2.check;

import org.jspecify.annotations.NullMarked;
