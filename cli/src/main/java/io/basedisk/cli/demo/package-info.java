/**
 * The demo: runs the main job on a scratch home, step by step. Start at {@link
 * io.basedisk.cli.demo.Demo}. A {@code Guest} writes to a disk and knows its expected content;
 * {@code Guests} has those of all disks and bases. Each {@code Step} prints the lineage and the
 * checks after it.
 */
@NullMarked
package io.basedisk.cli.demo;

import org.jspecify.annotations.NullMarked;
