package io.basedisk.domain.model;

import java.time.Instant;

/**
 * The version of a file's content. If two versions of a file are equal, the content did not change
 * in between. This needs a first version from {@code DiskFiles.settledStatus}: otherwise a change
 * in the same tick of the file system's clock stays unnoticed.
 *
 * @param modifiedAt modification time in nanoseconds
 * @param length length in bytes with holes
 */
public record FileVersion(Instant modifiedAt, long length) {}
