package io.basedisk.oci.image;

import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.artifact.Platform;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to receive a disk.
 *
 * @param platform which image of an index to take
 * @param format the format of the disk; null if its content or its name must say it. Raw is never
 *     guessed from content
 * @param maxBytes limit of the disk's length in bytes, with holes, and of the uncompressed layers
 * @param directory the directory to create a private directory in, for the disk
 */
public record Receiving(
    Platform platform, @Nullable ImageFormat format, long maxBytes, Path directory) {}
