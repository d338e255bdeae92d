package io.basedisk.domain.model;

import java.time.Instant;

/**
 * What tells whether a file's content was changed since: every change gives it another modification
 * time, if the first one is not of the same tick of the file system's clock (see {@code
 * DiskFiles.settledStatus}).
 *
 * @param modifiedAt when its content was last changed, to the nanosecond
 * @param length its length in bytes, holes included
 */
public record FileVersion(Instant modifiedAt, long length) {}
