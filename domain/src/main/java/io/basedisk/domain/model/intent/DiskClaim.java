package io.basedisk.domain.model.intent;

import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.FileIdentity;
import java.nio.file.Path;

/**
 * An intent's claim on a disk file. Only one intent can claim a file.
 *
 * @param slot slot of the disk in its box
 * @param path real path
 * @param identity device and inode of the file at the path when the operation began
 */
public record DiskClaim(DiskSlot slot, Path path, FileIdentity identity) {}
