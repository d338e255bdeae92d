package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * Which home a store belongs to, and where that home was when the store last changed it.
 *
 * @param id the home's id
 * @param path the real, absolute path of the home's directory: every recorded path, and every
 *     backing name, was written for a home at this path
 * @param directory the device and inode of that directory; the device may change at a mount
 */
public record HomeIdentity(HomeId id, Path path, FileIdentity directory) {}
