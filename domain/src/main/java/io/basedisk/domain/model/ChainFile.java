package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * An image of a backing chain, as whoever follows the chain has settled it.
 *
 * @param path its real path
 * @param format its format, as the image above it names it
 */
public record ChainFile(Path path, ImageFormat format) {}
