package io.basedisk.oci.artifact;

import io.basedisk.domain.model.artifact.Chunk;
import java.nio.file.Path;

/**
 * A chunk in a temporary file.
 *
 * @param chunk the chunk
 * @param file the file with its compressed bytes
 */
record PackedFile(Chunk chunk, Path file) {}
