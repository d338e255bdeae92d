package io.basedisk.domain.error;

/** The home can't be changed as it is: a person has to do or decide something first. */
public final class HomeUnusableException extends RefusedException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with a home as a whole. */
  public enum Problem {
    /** The home is not where its store says: it was moved, copied or mounted elsewhere. */
    ELSEWHERE,
    /** The store belongs to another home. */
    FOREIGN_STORE,
    /** A relocation of the home was interrupted. */
    RELOCATING,
    /** The store is older than the files: a copy of it was put back, or a part of it was lost. */
    OLDER_STORE,
    /** There are bases or boxes, and the store is gone or empty. */
    LOST_STORE,
    /** The file system of the home is read-only, or this user may not write to the store. */
    READ_ONLY
  }

  private final Problem problem;

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

  /** Returns what is wrong. */
  public Problem problem() {
    return problem;
  }
}
