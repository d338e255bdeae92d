package io.basedisk.domain.testing.walk;

import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.testing.walk.FragileWorld.Interruption;
import java.util.function.Consumer;

/** Stops an operation before one of its steps. */
public final class Interrupter implements Consumer<String> {

  private final Interruption how;
  private int left;

  /** Ends the process: nothing catches it. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String step) {
      super("killed before: " + step);
    }
  }

  /**
   * @param steps how many steps are done before
   */
  public Interrupter(Interruption how, int steps) {
    this.how = how;
    this.left = steps;
  }

  @Override
  public void accept(String step) {
    left--;
    switch (how) {
      case KILL -> {
        if (left < 0) {
          throw new Killed(step);
        }
      }
      case FAILURE -> {
        if (left == -1) {
          throw new StorageException("failed: " + step);
        }
      }
      case NO_SPACE -> {
        if (left < 0 && !step.startsWith("remove ") && !step.startsWith("sync")) {
          throw new StorageException("no space left: " + step);
        }
      }
    }
  }
}
