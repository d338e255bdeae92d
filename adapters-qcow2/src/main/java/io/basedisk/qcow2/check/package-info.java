/**
 * The check and the repair of one image: all refcounts are computed from the references in the
 * tables, and compared with the stored refcounts.
 *
 * <p>A check finds the same damage as {@code qemu-img check}, and counts it in the same way. {@link
 * io.basedisk.qcow2.check.ReferenceWalk} walks through all tables and counts references in {@link
 * io.basedisk.qcow2.check.ReferenceCounts}; {@link io.basedisk.qcow2.check.RefcountCheck} compares
 * them with {@link io.basedisk.qcow2.check.StoredRefcounts}. Whatever a file contains, a check
 * takes a bounded amount of memory, and reads each table about once, however many references it
 * has.
 *
 * <p>A repair runs {@link io.basedisk.qcow2.check.RepairSteps}. Each step leaves a valid image
 * after a power cut. {@link io.basedisk.qcow2.check.Survey} decides which steps are safe.
 *
 * <p>{@link io.basedisk.qcow2.check.ReceivedLayer} checks a file that was received as a layer,
 * before it becomes a base.
 *
 * <p>Start with {@link io.basedisk.qcow2.check.RefcountCheck#check} and {@link
 * io.basedisk.qcow2.check.ImageRepair#repair}.
 */
@NullMarked
package io.basedisk.qcow2.check;

import org.jspecify.annotations.NullMarked;
