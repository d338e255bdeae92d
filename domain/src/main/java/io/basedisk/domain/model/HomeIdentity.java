package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * The home that a store belongs to, with its path when the store was last written.
 *
 * @param id id of the home
 * @param path real, absolute path of the home; recorded paths and backing names assume it
 * @param directory device and inode of the home's directory; the device may change with a new mount
 */
public record HomeIdentity(HomeId id, Path path, FileIdentity directory) {}
