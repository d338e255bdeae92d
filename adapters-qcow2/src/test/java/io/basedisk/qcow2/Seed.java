package io.basedisk.qcow2;

/**
 * The seed of random tests. It is the same in each build, so that a build fails only because of a
 * change. {@code -Dbasedisk.seed=N} sets another seed.
 */
public final class Seed {

  public static final long VALUE = Long.getLong("basedisk.seed", 20_261_122L);

  private Seed() {}
}
