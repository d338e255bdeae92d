package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.home.HomeRelocation.Relocated;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A home to which accidents happen, on a machine of its own, which may hold copies of it too. After
 * an accident of the home itself or of its store it is closed; {@link #reopen} opens it again, and
 * throws as a command on it does.
 */
public interface FragileWorld extends World {

  /** How an operation is interrupted. */
  enum Interruption {
    /** Its process is killed. */
    KILL,
    /** One step fails. */
    FAILURE,
    /** From one step on, each one that needs space fails. */
    NO_SPACE
  }

  // Of the home.

  /** Copies the home to another path, as {@code cp -a} does, and returns the copy, not open. */
  FragileWorld copy();

  /** Moves the home to another path. */
  void move();

  /** Loses {@code home.json}. */
  void loseIdentity();

  /** Unmounts what is mounted at a directory of the home, which stays, empty. */
  void unmount(Path part);

  /** Mounts it again, over whatever is in the directory. */
  void mount(Path part);

  /** Deletes the home. */
  void delete();

  // Of the store.

  /** Loses the store; what is left of it, if anything, is empty. */
  void loseStore();

  /** Returns what puts the store back as it is now. */
  Runnable backUpStore();

  /** Loses the stamp. */
  void loseStamp();

  boolean hasStamp();

  // Of a file.

  /** Returns a path, outside of the home and on its file system, that nothing has. */
  Path freePath();

  /** Makes a symbolic link. */
  void link(Path link, Path target);

  /**
   * Changes a byte of an image in place.
   *
   * @return what puts the old byte, and the old time, back
   */
  Runnable spoil(Path image);

  // Of an operation.

  /**
   * Does something, and interrupts it before one of its steps, if it has as many.
   *
   * @param steps how many steps are done
   * @return how it failed, if it did; after a kill the home is closed
   */
  Optional<Throwable> interrupt(Interruption how, int steps, Runnable operation);

  // The documented remedies.

  /** Relocates the home: {@code home relocate}. */
  Relocated relocate();

  /**
   * Makes the store anew: {@code doctor --rebuild}.
   *
   * @param disksDirs the directories of boxes elsewhere
   */
  void rebuild(ImmutableList<Path> disksDirs);
}
