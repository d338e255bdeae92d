package io.basedisk.domain.port;

/**
 * A reserve of space on the home's file system for operations that free space. On a full file
 * system they need some space first: the store must write to delete a record.
 *
 * <p>The reserve is no guarantee: other programs may take the space between {@link #giveUp} and its
 * use. No method throws. Implementations are safe for many threads and processes.
 */
public interface SpaceReserve {

  /** No reserve. */
  SpaceReserve NONE =
      new SpaceReserve() {
        @Override
        public void keep() {}

        @Override
        public void giveUp() {}
      };

  /**
   * Takes the reserve from the file system. No effect if it is already taken, or there is not
   * enough space.
   */
  void keep();

  /**
   * Gives the reserve back to the file system, durably. After return, other files can use the
   * space.
   */
  void giveUp();
}
