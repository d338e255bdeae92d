/**
 * Disks on their way between homes: a box's layers are exported to a {@code LayerStore}, and
 * imported from it as a new box.
 *
 * <p>Start at {@code Transfers}, which embedders call. {@code ExportedBases} gets a base of the box
 * and keeps it: {@code ExportBox} sends the layers with {@code LayerExport}, {@code ExportImage}
 * writes one image. {@code ImportBoxFromLayers} finds the layers that are here with {@code
 * LayersHere}, and leaves the rest to {@code ImportArtifactProtocol} of the {@code protocol}
 * package.
 */
@NullMarked
package io.basedisk.domain.transfer;

import org.jspecify.annotations.NullMarked;
