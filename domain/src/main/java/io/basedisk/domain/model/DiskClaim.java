package io.basedisk.domain.model;

import java.nio.file.Path;

/**
 * A disk file that an intent claims: no other intent may claim that file.
 *
 * @param slot which disk of its box it is
 * @param path its real path
 * @param identity which file was at that path when the operation began
 */
public record DiskClaim(DiskSlot slot, Path path, FileIdentity identity) {}
