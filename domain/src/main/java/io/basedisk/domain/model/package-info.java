/**
 * The domain's words as types: immutable records that can't hold invalid values.
 *
 * <p>Ids and values: {@code BoxId}, {@code BaseDiskId}, {@code HomeId}, {@code OperationId}, {@code
 * SnapshotName}, {@code RootfsKey}, {@code ByteSize}. Records of the store: {@code Box}, {@code
 * BaseDisk}, {@code Reference} from a box's disk to a base, {@code Hold}, {@code DeletingBase}.
 * Files: {@code FileStatus}, {@code FileIdentity}, {@code ImageHeader}. Plans of running operations
 * are in {@code intent}. {@code HomeLayout} knows where files are.
 *
 * <p>Start with {@code BaseDisk} and {@code Box}, then {@code intent.Intent}.
 */
@NullMarked
package io.basedisk.domain.model;

import org.jspecify.annotations.NullMarked;
