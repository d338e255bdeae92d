/**
 * The use cases and rules of basedisk. They reach storage, files and images only through ports.
 *
 * <p>From the inside out:
 *
 * <ul>
 *   <li>Words: {@code model} has the types of a home, {@code image} those of single image files,
 *       {@code error} and {@code event} the failures and events that callers receive.
 *   <li>Outside world: {@code port} has the interfaces that adapters implement.
 *   <li>Questions: {@code disk}, {@code chain} and {@code lineage} answer what a disk is, and which
 *       layers and bases it needs. {@code source} does so for an image to import.
 *   <li>Decisions: {@code gc} decides which bases are reclaimable, {@code compact} which layers are
 *       merged.
 *   <li>Changes: {@code protocol} has the crash-safe steps of each operation, {@code home}
 *       identifies and relocates the home.
 *   <li>Use cases: {@code base}, {@code box}, {@code snapshot}, {@code clone}, {@code rootfs},
 *       {@code compact}, {@code collect}, {@code which}, {@code space}, {@code doctor}, {@code
 *       rebuild} and {@code adopt}.
 * </ul>
 *
 * <p>Start at a use case, for example {@code snapshot.Snapshots}, and follow its calls down.
 */
@NullMarked
package io.basedisk.domain;

import org.jspecify.annotations.NullMarked;
