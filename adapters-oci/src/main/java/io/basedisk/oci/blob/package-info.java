/**
 * Blobs and manifests by their digests, as OCI's layouts and registries hold them. {@code Blobs} is
 * the interface; each kind of place implements it.
 */
@NullMarked
package io.basedisk.oci.blob;

import org.jspecify.annotations.NullMarked;
