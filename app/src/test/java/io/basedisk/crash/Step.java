package io.basedisk.crash;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;

/**
 * One random operation, as the log of an actor records it.
 *
 * @param kind the operation
 * @param arguments its boxes, snapshots and numbers, in the order that the kind documents
 */
record Step(Kind kind, ImmutableList<String> arguments) {

  /** The operations. The comment of each names its arguments. */
  enum Kind {
    /** box */
    CREATE,
    /** box, block, stamp */
    WRITE,
    /** box, name */
    SNAPSHOT,
    /** box, name */
    COPY,
    /** box, name */
    RESTORE,
    /** box, name */
    REMOVE_SNAPSHOT,
    /** box */
    FORK,
    /** box, how deep its chain may be */
    COMPACT,
    /** source, new boxes */
    CLONE,
    /** source, snapshot, new boxes */
    CLONE_SNAPSHOT,
    /** source, new box */
    IMPORT,
    /** source, artifact */
    EXPORT,
    /** artifact, new box */
    IMPORT_ARTIFACT,
    /** box */
    REMOVE,
    /** box */
    REMOVE_WITH_SNAPSHOTS,
    COLLECT,
    /** source, which another actor owns and may be changing; new boxes */
    CLONE_FOREIGN,
    /** box, which another actor owns */
    FORK_FOREIGN
  }

  static Step of(Kind kind, String... arguments) {
    return new Step(kind, ImmutableList.copyOf(arguments));
  }

  static Step parse(String text) {
    ImmutableList<String> words = ImmutableList.copyOf(Splitter.on(' ').split(text));
    return new Step(Kind.valueOf(words.get(0)), words.subList(1, words.size()));
  }

  String argument(int index) {
    return arguments.get(index);
  }

  /** Returns the boxes that this creates. */
  ImmutableList<String> newBoxes() {
    return switch (kind) {
      case CREATE -> arguments;
      case CLONE, CLONE_FOREIGN, IMPORT, IMPORT_ARTIFACT -> arguments.subList(1, arguments.size());
      case CLONE_SNAPSHOT -> arguments.subList(2, arguments.size());
      default -> ImmutableList.of();
    };
  }

  /**
   * Returns whether every box has the same content before and after this, and no new box exists.
   */
  boolean leavesContentAlone() {
    return switch (kind) {
      case FORK, FORK_FOREIGN, COMPACT, COLLECT -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return arguments.isEmpty() ? kind.name() : kind + " " + Joiner.on(' ').join(arguments);
  }
}
