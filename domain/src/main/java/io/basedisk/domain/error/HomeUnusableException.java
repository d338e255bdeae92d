package io.basedisk.domain.error;

/**
 * The home can't be changed until a person has done or decided something; {@link #problem} says
 * why.
 */
public final class HomeUnusableException extends RefusedException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with a home as a whole. */
  public enum Problem {
    /** The home has another path than its store says: it was moved, copied or mounted elsewhere. */
    ELSEWHERE,
    /** The store belongs to another home. */
    FOREIGN_STORE,
    /** A relocation of the home was interrupted. */
    RELOCATING,
    /**
     * The store is older than the files: it was replaced by an older copy, or a part of it was
     * lost.
     */
    OLDER_STORE,
    /** The home has bases or boxes, but the store is missing or empty. */
    LOST_STORE,
    /** The file system of the home is read-only, or this user may not write to the store. */
    READ_ONLY
  }

  private final Problem problem;

  /**
   * Creates an exception.
   *
   * @param problem what is wrong with the home
   * @param message what failed and why, in one line
   */
  public HomeUnusableException(Problem problem, String message) {
    super(message, remedyOf(problem));
    this.problem = problem;
  }

  private static Remedy remedyOf(Problem problem) {
    return switch (problem) {
      case ELSEWHERE, RELOCATING -> new Remedy.RelocateHome();
      case FOREIGN_STORE, OLDER_STORE, LOST_STORE -> new Remedy.RebuildStore();
      case READ_ONLY -> new Remedy.MakeHomeWritable();
    };
  }

  /** {@return what is wrong with the home} */
  public Problem problem() {
    return problem;
  }
}
