package io.basedisk.domain.rebuild;

import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that a rebuilt store does not record, or records only in part. The file stays as it is.
 *
 * @param file the file
 * @param why the reason, as a clause for people
 * @param remedy what the user can do about it; null if the reason says it
 */
public record LeftOut(Path file, String why, @Nullable Remedy remedy) {}
