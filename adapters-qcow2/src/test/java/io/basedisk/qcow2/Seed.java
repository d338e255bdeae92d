package io.basedisk.qcow2;

/**
 * The seed of tests that choose at random: the same in each build, so that a build fails for what
 * was changed and for nothing else. {@code -Dbasedisk.seed=N} looks elsewhere.
 */
public final class Seed {

  public static final long VALUE = Long.getLong("basedisk.seed", 20_261_122L);

  private Seed() {}
}
