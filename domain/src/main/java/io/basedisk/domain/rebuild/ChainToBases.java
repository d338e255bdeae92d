package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.rebuild.BackingTarget.OnFile;

/**
 * The backing chain of an image down to the nearest file in the bases directory.
 *
 * @param files the backing files outside the bases directory, from the top
 * @param end what the last of them, or the image if there is none, backs onto: never an {@link
 *     BackingTarget.OnFile}
 */
record ChainToBases(ImmutableList<OnFile> files, BackingTarget end) {}
