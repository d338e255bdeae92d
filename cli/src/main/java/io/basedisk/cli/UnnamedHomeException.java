package io.basedisk.cli;

/** Wrong usage: neither an option nor the environment names the home. */
final class UnnamedHomeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnnamedHomeException() {
    super("no home is named, and $HOME is not set");
  }
}
