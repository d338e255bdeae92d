/**
 * OCI image layouts in one tar archive. {@code ArchiveWriter} writes one from its start to its end,
 * so that it can go through a pipe. {@code ArchiveReader} reads one from a file.
 */
@NullMarked
package io.basedisk.oci.archive;

import org.jspecify.annotations.NullMarked;
