/**
 * Artifacts of disks over a place of blobs. {@code ArtifactStore} is the port; it packs a layer
 * into chunks, and describes them by a manifest and a config. The format is in {@code
 * docs/artifact-format.md}.
 */
@NullMarked
package io.basedisk.oci.artifact;

import org.jspecify.annotations.NullMarked;
