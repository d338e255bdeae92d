package io.basedisk.cli;

import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;

/** The exit code of a command. Scripts rely on the numbers. */
enum ExitCode {
  /** Success. */
  DONE(0),
  /** A file operation or the store failed, or an internal error occurred. */
  FAILED(1),
  /** Wrong usage, or an invalid name or size. */
  USAGE(2),
  /** Refused: in use, busy, or depended on. */
  REFUSED(3),
  /** A named thing does not exist. */
  NOT_FOUND(4),
  /** A disk image is not valid, or not safe to open. */
  INVALID_IMAGE(5),
  /** The thing to create exists already. */
  EXISTS(6),
  /** Success, with findings: a problem is left, or images differ. */
  FINDINGS(7),
  /**
   * The reader of standard output closed the pipe. A shell reports the same for a program that the
   * signal SIGPIPE ended.
   */
  CLOSED_PIPE(141);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** {@return the exit code of a command that ended with {@code failure}} */
  static ExitCode of(Throwable failure) {
    if (failure instanceof InvalidArgumentException || failure instanceof UnnamedHomeException) {
      return USAGE;
    }
    if (failure instanceof RefusedException) {
      return REFUSED;
    }
    if (failure instanceof NotFoundException) {
      return NOT_FOUND;
    }
    if (failure instanceof InvalidImageException) {
      return INVALID_IMAGE;
    }
    return failure instanceof AlreadyExistsException ? EXISTS : FAILED;
  }
}
