package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import java.nio.file.Path;

/** The home as a whole in a {@link StoreTransaction}. */
public interface HomeRecords extends HomeView {

  /**
   * Records which home this store belongs to, and its path. Replaces an older identity.
   *
   * @param identity the identity
   */
  void putIdentity(HomeIdentity identity);

  /**
   * Counts this transaction: its number is the last one plus 1, or {@code least} if that is
   * greater.
   *
   * @param least minimum for the number; 0 for no minimum
   * @return the number, which {@link #writeNumber} returns from now on
   */
  long countWrite(long least);

  /**
   * Records a relocation.
   *
   * @param relocation the relocation
   * @throws io.basedisk.domain.error.BusyException if another one is recorded
   */
  void insertRelocation(Relocation relocation);

  /** Deletes the relocation; no effect if there is none. */
  void deleteRelocation();

  /**
   * Changes every recorded path that is {@code from} or is below it: {@code to} takes the place of
   * {@code from}. Covers the paths of bases, deleting bases, boxes, disks, holds and intents. The
   * home's identity and the relocation stay.
   *
   * @param from the old directory
   * @param to the new directory
   * @throws io.basedisk.domain.error.AlreadyExistsException if two records would name one file
   */
  void movePaths(Path from, Path to);

  /**
   * Decides what operations do when the file system can't say whether an image is in use. The
   * decision is made once and holds for all users of the home. The same decision again has no
   * effect.
   *
   * @param policy the policy
   * @throws io.basedisk.domain.error.RefusedException if another policy was decided
   */
  void decideUnknownUsePolicy(UnknownUsePolicy policy);
}
