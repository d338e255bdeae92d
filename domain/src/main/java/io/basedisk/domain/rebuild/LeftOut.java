package io.basedisk.domain.rebuild;

import java.nio.file.Path;

/**
 * A file that a rebuilt store does not record, or records only in part. The file stays as it is.
 *
 * @param file the file
 * @param why the reason, and where there is a remedy, that: a clause for people
 */
public record LeftOut(Path file, String why) {}
