package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * A file of a backing chain, identified by the caller who followed the chain.
 *
 * @param path real path
 * @param format format in the header of the image above it
 * @param identity device and inode; another file at the path is refused
 */
public record ChainFile(Path path, ImageFormat format, FileIdentity identity) {}
