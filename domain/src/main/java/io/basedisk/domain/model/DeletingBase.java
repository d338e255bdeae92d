package io.basedisk.domain.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A base whose record is deleted and whose file must be deleted next.
 *
 * @param id id of the base, which no other base can use while this record exists
 * @param path path of its file
 * @param parentId its parent, which is kept while this record exists; null if there is none
 */
public record DeletingBase(BaseDiskId id, Path path, @Nullable BaseDiskId parentId) {}
