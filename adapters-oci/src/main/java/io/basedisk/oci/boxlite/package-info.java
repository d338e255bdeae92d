/**
 * The archives of the program BoxLite, {@code .boxlite} files: versions 1 to 6 for reading, version
 * 2 for writing. Start with {@link io.basedisk.oci.boxlite.BoxliteArchive} and {@link
 * io.basedisk.oci.boxlite.BoxliteWriter}. The format is in {@code docs/artifact-format.md}.
 */
@NullMarked
package io.basedisk.oci.boxlite;

import org.jspecify.annotations.NullMarked;
