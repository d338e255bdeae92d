/**
 * Space: how much each base and box occupies, alone and shared.
 *
 * <p>Start at {@code Space}, which embedders call. It reads the records and the sizes of files, and
 * returns a {@code SpaceReport} with a {@code BaseSpace} for each base and a {@code BoxSpace} for
 * each box. {@code SpaceAccounts} assigns the space of bases to the boxes and snapshots that need
 * them, over the trees in {@code Forest}.
 */
@NullMarked
package io.basedisk.domain.space;

import org.jspecify.annotations.NullMarked;
