/**
 * The disks of registered boxes: look-ups and checks that several operations share.
 *
 * <p>{@code RegisteredBoxes} finds a box in the store. {@code BoxRegistration} records the bases of
 * a new one. {@code RegisteredDisks} checks that a file can be a box's disk. {@code Readers} checks
 * which users may read a file. {@code FileSizes} adds up the space of files.
 *
 * <p>Start with {@code RegisteredDisks}.
 */
@NullMarked
package io.basedisk.domain.disk;

import org.jspecify.annotations.NullMarked;
