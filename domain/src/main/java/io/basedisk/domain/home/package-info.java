/**
 * The home as a whole: its identity, its path, and whether its store is current.
 *
 * <p>Start at {@link io.basedisk.domain.home.HomeGate}. It decides, when the home is opened and
 * before each change, whether the home may be changed. {@link io.basedisk.domain.home.GuardedStore}
 * asks it before each write, and counts the writes in the stamp, so that a store restored from a
 * backup is recognized as older. {@code StoreAgreement} compares such a store with the files.
 * {@link io.basedisk.domain.home.IdentityFile} is {@code home.json}. {@link
 * io.basedisk.domain.home.MountedParts} refuses changes in unmounted directories, and {@link
 * io.basedisk.domain.home.FreeingSpace} lets deletions work on a full file system.
 *
 * <p>{@link io.basedisk.domain.home.HomeRelocation} makes a moved or copied home usable at its new
 * path. {@code MovedOrCopied} decides which of both it is, {@code RelocationPlanner} and {@code
 * RewritePlanner} plan the changes, and {@code RelocationSteps} performs them. {@code
 * InterruptedRelocation} and {@code InterruptedRewrites} plan how to finish a relocation that was
 * interrupted.
 */
@NullMarked
package io.basedisk.domain.home;

import org.jspecify.annotations.NullMarked;
