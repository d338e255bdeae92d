package io.basedisk.domain.adopt;

import io.basedisk.domain.error.Remedy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that an adoption leaves out. The file stays as it is.
 *
 * @param file the file or directory
 * @param why the reason, as a clause for people
 * @param remedy what the user can do about it; null if the reason says it
 * @param isRecorded whether the home has the file already, so that nothing is left to do
 */
public record UnadoptedFile(Path file, String why, @Nullable Remedy remedy, boolean isRecorded) {}
