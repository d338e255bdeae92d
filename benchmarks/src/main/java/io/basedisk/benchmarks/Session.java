package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * A run of the benchmarks.
 *
 * @param place where it works now
 * @param rounds how often each thing is measured
 * @param quick whether it must be over soon
 * @param limit the program of limit.c
 * @param root the root of the project, with the launcher
 * @param jdks the homes of the JDKs on which the command line is measured
 */
record Session(
    Place place, int rounds, boolean quick, Path limit, Path root, ImmutableList<Path> jdks) {

  Session at(Place other) {
    return new Session(other, rounds, quick, limit, root, jdks);
  }

  /** Returns fewer rounds, for what takes long. */
  int fewRounds() {
    return Math.max(3, rounds / 2);
  }
}
