package io.basedisk.oci.boxlite;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import java.nio.file.Path;

/**
 * A layer's content in a file.
 *
 * @param file the file
 * @param digest digest of the content
 * @param bytes length of the content
 * @param chunks its parts, uncompressed
 */
record SpooledLayer(Path file, Sha256 digest, long bytes, ImmutableList<Chunk> chunks) {}
