package io.basedisk.oci.registry;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The process's environment variables and the user's home directory.
 *
 * @param variables the environment variables
 * @param home the user's home directory
 */
record Environment(Map<String, String> variables, Path home) {

  /** Returns the environment of this process. */
  static Environment ofProcess() {
    return new Environment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /** Returns the value of a variable; empty if it is unset or empty. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns the path in a variable; empty if there is none. */
  Optional<Path> path(String name) {
    try {
      return variable(name).map(Path::of);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
