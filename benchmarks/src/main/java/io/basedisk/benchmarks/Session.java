package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * A run of the benchmarks.
 *
 * @param place the present work directory
 * @param rounds number of rounds for each work
 * @param quick whether the run must be short
 * @param limit the compiled limit.c
 * @param root the root of the project, with the launcher
 * @param jdks the homes of the JDKs to measure the command line on
 */
record Session(
    Place place, int rounds, boolean quick, Path limit, Path root, ImmutableList<Path> jdks) {

  Session at(Place other) {
    return new Session(other, rounds, quick, limit, root, jdks);
  }

  /** {@return the number of rounds for slow work} */
  int fewRounds() {
    return Math.max(3, rounds / 2);
  }
}
