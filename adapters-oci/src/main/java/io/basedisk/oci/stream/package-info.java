/**
 * Streams of hostile bytes: decompression with a limit, and files that take what was read. Whatever
 * is wrong with the bytes is a {@link io.basedisk.oci.blob.FormatException}.
 */
@NullMarked
package io.basedisk.oci.stream;

import org.jspecify.annotations.NullMarked;
