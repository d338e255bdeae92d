package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The same change of several things, one after the other. */
final class Batch {

  private Batch() {}

  /**
   * {@return the document of the changes} If one fails, prints the document of those before it, if
   * there are any, and throws the failure: its exit code is the command's.
   *
   * @param things the things to change
   * @param change changes one and returns the result
   * @param describe makes the document of some results
   */
  static <T, R> Document run(
      RootCommand root,
      ImmutableList<T> things,
      Function<? super T, ? extends R> change,
      Function<? super ImmutableList<R>, ? extends Document> describe) {
    List<R> done = new ArrayList<>();
    try {
      for (T thing : things) {
        done.add(change.apply(thing));
      }
    } catch (RuntimeException | Error failure) {
      if (!done.isEmpty()) {
        printBefore(failure, root, describe.apply(ImmutableList.copyOf(done)));
      }
      throw failure;
    }
    return describe.apply(ImmutableList.copyOf(done));
  }

  private static void printBefore(Throwable failure, RootCommand root, Document document) {
    try {
      root.print(document);
    } catch (RuntimeException | Error printing) {
      failure.addSuppressed(printing);
    }
  }
}
