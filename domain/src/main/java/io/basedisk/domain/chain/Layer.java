package io.basedisk.domain.chain;

import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.ImageFormat;
import java.nio.file.Path;

/**
 * One image of a backing chain.
 *
 * @param namedPath the absolute path by which it was reached, links not resolved: names in its
 *     header are relative to the directory of this
 * @param realPath its real path
 * @param identity which file it is
 * @param format its format, as the layer above names it
 */
public record Layer(Path namedPath, Path realPath, FileIdentity identity, ImageFormat format) {}
