/**
 * The use cases of basedisk and the rules that they keep, in terms of ports alone. Everything is in
 * the packages below.
 *
 * <p>From the inside out: {@code model} has the words, {@code image} those of work on single image
 * files, {@code error} and {@code event} what callers are told; {@code port} is what the domain
 * needs from outside. {@code disk}, {@code chain} and {@code lineage} answer questions about disks
 * and what they stand on. {@code gc} and {@code compact} decide what may go and what is merged.
 * {@code home} knows which home it is, {@code protocol} takes the crash-safe steps. The use cases
 * are {@code base}, {@code box}, {@code snapshot}, {@code clone}, {@code rootfs}, {@code compact},
 * {@code collection}, {@code space}, {@code doctor} and {@code rebuild}.
 *
 * <p>Start at a use case, {@code snapshot.Snapshots} for example, and follow it down.
 */
@NullMarked
package io.basedisk.domain;

import org.jspecify.annotations.NullMarked;
