package io.basedisk.domain.home;

import java.nio.file.Path;

/**
 * Maps the paths of a home's files from its old directory to its present one.
 *
 * @param from the real path of the home that records and headers were written for
 * @param to the present real path of the home
 */
record HomeMove(Path from, Path to) {

  /** {@return whether {@code path} is the old home or a path in it} */
  boolean concerns(Path path) {
    return path.startsWith(from);
  }

  /**
   * {@return the present path of a file: mapped if {@code path} was in the old home, else the same}
   */
  Path of(Path path) {
    return concerns(path) ? to.resolve(from.relativize(path)) : path;
  }

  /** {@return the opposite mapping} */
  HomeMove reversed() {
    return new HomeMove(to, from);
  }
}
