/**
 * OCI image layouts: a directory with {@code oci-layout}, {@code index.json} and {@code
 * blobs/sha256/}. {@code LayoutBlobs} reads and writes one; {@code LayoutIndex} is its index, which
 * archives have too.
 */
@NullMarked
package io.basedisk.oci.layout;

import org.jspecify.annotations.NullMarked;
