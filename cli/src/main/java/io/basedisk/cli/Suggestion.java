package io.basedisk.cli;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import java.util.Optional;

/** The question whether a user meant another word. */
final class Suggestion {

  private Suggestion() {}

  /** {@return the question: {@code did you mean 'a', 'b' or 'c'?}; empty without words} */
  static Optional<String> of(ImmutableList<String> words) {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    ImmutableList<String> quoted =
        words.stream().map(word -> "'" + word + "'").collect(ImmutableList.toImmutableList());
    String last = Iterables.getLast(quoted);
    String first = Joiner.on(", ").join(quoted.subList(0, quoted.size() - 1));
    return Optional.of("did you mean " + (first.isEmpty() ? "" : first + " or ") + last + "?");
  }

  /** {@return the question and the next step; empty without both} */
  static Optional<String> with(ImmutableList<String> words, Optional<String> nextStep) {
    Optional<String> question = of(words);
    if (question.isEmpty() || nextStep.isEmpty()) {
      return question.or(() -> nextStep);
    }
    return Optional.of(question.get() + " " + nextStep.get());
  }
}
