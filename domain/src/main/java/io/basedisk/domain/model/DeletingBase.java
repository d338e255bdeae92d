package io.basedisk.domain.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A base whose record is gone and whose file is about to go.
 *
 * @param id its id, which can't be given to another base while this stands
 * @param path its file
 * @param parentId the base that it stood on, which stays while this stands; null where there is
 *     none
 */
public record DeletingBase(BaseDiskId id, Path path, @Nullable BaseDiskId parentId) {}
