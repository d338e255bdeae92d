package io.basedisk.domain.port;

import io.basedisk.domain.model.HomeIdentity;
import io.basedisk.domain.model.Relocation;
import io.basedisk.domain.model.UnknownUsePolicy;
import java.nio.file.Path;

/** The home as a whole in a {@link StoreTransaction}. */
public interface HomeRecords extends HomeView {

  /** Records which home this store belongs to and where it is, in place of anything else. */
  void putIdentity(HomeIdentity identity);

  /**
   * Counts this transaction: its number is one more than the last, and at least {@code least}.
   *
   * @return the number, which {@link #writeNumber} returns from now on
   */
  long countWrite(long least);

  /**
   * Records a relocation.
   *
   * @throws io.basedisk.domain.error.BusyException if another one is recorded
   */
  void insertRelocation(Relocation relocation);

  /** Deletes the relocation; no effect if there is none. */
  void deleteRelocation();

  /**
   * Replaces {@code from} by {@code to} at the beginning of every recorded path that is {@code
   * from} or below it: of bases, deleting bases, boxes, disks, holds, and in intents. The home's
   * identity and the relocation stay as they are.
   *
   * @throws io.basedisk.domain.error.AlreadyExistsException if two records would name one file
   */
  void movePaths(Path from, Path to);

  /**
   * Decides the policy for images of which the file system can't say whether they are in use, once
   * for all users of the home. To decide the same again changes nothing.
   *
   * @throws io.basedisk.domain.error.RefusedException if the other policy was decided
   */
  void decideUnknownUsePolicy(UnknownUsePolicy policy);
}
