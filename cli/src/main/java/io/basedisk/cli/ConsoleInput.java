package io.basedisk.cli;

import java.io.InputStream;

/**
 * Standard input.
 *
 * @param isTerminal whether a user types it
 */
record ConsoleInput(InputStream stream, boolean isTerminal) {

  /** Nothing to read. */
  static final ConsoleInput NONE = new ConsoleInput(InputStream.nullInputStream(), false);
}
