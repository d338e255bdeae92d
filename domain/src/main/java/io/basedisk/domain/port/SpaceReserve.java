package io.basedisk.domain.port;

/**
 * Space on the home's file system that is kept free for operations that free more of it. They need
 * a little themselves: the store can't delete a record without writing.
 *
 * <p>It is a help and not a promise: other programs may take the space between {@link #giveUp} and
 * its use. No method throws. Implementations are safe for many threads and many processes.
 */
public interface SpaceReserve {

  /** Keeps nothing. */
  SpaceReserve NONE =
      new SpaceReserve() {
        @Override
        public void keep() {}

        @Override
        public void giveUp() {}
      };

  /** Takes the space, unless it is taken or there is not enough. Costs one look if it is taken. */
  void keep();

  /** Gives the space back, durably: on return the file system can use it for other files. */
  void giveUp();
}
