package io.basedisk.domain.adopt;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to adopt.
 *
 * @param directory the directory whose files are adopted, at any depth
 * @param unstatedFormat format of backing files whose format is not in the header above them; null
 *     if such files are left out
 * @param allowed backing files outside the directory that may become foreign bases, and backing
 *     files that the owner of an overlay need not be able to read
 * @param intoHome whether the files move into the home
 */
public record AdoptionRequest(
    Path directory,
    @Nullable ImageFormat unstatedFormat,
    ImmutableSet<Path> allowed,
    boolean intoHome) {}
