package io.basedisk.domain.home;

import java.nio.file.Path;

/**
 * Where the files of a home were and where they are: the same paths below another directory.
 *
 * @param from the real path of the home that records and headers were written for
 * @param to the real path of the home now
 */
record HomeMove(Path from, Path to) {

  /** Returns whether {@code path} is the old home or below it. */
  boolean concerns(Path path) {
    return path.startsWith(from);
  }

  /** Returns where {@code path} is now: elsewhere if it was in the old home, else where it was. */
  Path of(Path path) {
    return concerns(path) ? to.resolve(from.relativize(path)) : path;
  }

  /** Returns the move back. */
  HomeMove reversed() {
    return new HomeMove(to, from);
  }
}
