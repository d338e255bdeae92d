package io.basedisk.domain.chain;

import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * A file of a backing chain.
 *
 * @param namedPath absolute path that opened the file, with unresolved links; names in its header
 *     are relative to the directory of this path
 * @param realPath real path
 * @param identity device and inode
 * @param format format in the header of the layer above
 */
public record Layer(Path namedPath, Path realPath, FileIdentity identity, ImageFormat format) {}
