package io.basedisk.domain.rebuild;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.rebuild.Footing.OnFile;

/**
 * The chain of an image down to the nearest file in the bases directory.
 *
 * @param files the files outside of that directory, from the top
 * @param end what the last of them backs onto, or the image if there is none: never a file
 */
record Descent(ImmutableList<OnFile> files, Footing end) {}
