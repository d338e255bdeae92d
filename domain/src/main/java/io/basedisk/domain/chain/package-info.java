/**
 * Backing chains: follows headers from a disk down to the bases that it needs.
 *
 * <p>{@code BackingChains} reads a chain as {@code Layer}s, with a {@code ChainWalk}. {@code
 * BackingNames} resolves the names in headers. {@code ChainDepths} counts the layers below many
 * images. {@code KnownBases} recognizes which of the files are bases. The headers are what QEMU
 * follows; {@code lineage} answers the same questions from the store's records.
 *
 * <p>Start with {@code BackingChains}.
 */
@NullMarked
package io.basedisk.domain.chain;

import org.jspecify.annotations.NullMarked;
