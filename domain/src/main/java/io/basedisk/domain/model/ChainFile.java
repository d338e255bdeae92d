package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * An image of a backing chain, as whoever follows the chain has settled it.
 *
 * @param path its real path
 * @param format its format, as the image above it names it
 * @param identity which file it is: another one at that path is not read
 */
public record ChainFile(Path path, ImageFormat format, FileIdentity identity) {}
