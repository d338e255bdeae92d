/**
 * What travels between homes: a disk as an artifact of layers.
 *
 * <p>A {@code Layer} is the canonical content of a base's file, and has a {@code Sha256}. A {@code
 * ChainId} names a layer together with all layers below it. A {@code PackedLayer} is a layer as a
 * store holds it, compressed in {@code Chunk}s. An {@code Artifact} is a disk: its layers, base
 * first.
 */
@NullMarked
package io.basedisk.domain.model.artifact;

import org.jspecify.annotations.NullMarked;
