package io.basedisk.domain.names;

import com.google.common.collect.ImmutableList;
import java.util.TreeSet;

/**
 * Collects the words that are spelt most like a misspelt word, all with the same number of edits.
 * Words may be added in any number; only the closest are kept. Not thread-safe.
 */
public final class ClosestWords {

  /** The largest number of words that are kept. */
  public static final int MAX_WORDS = 3;

  /** At most one edit for so many characters. */
  private static final int CHARACTERS_AN_EDIT = 3;

  private static final int MAX_EDITS = 3;

  /** The least length of a word that stands for those that it begins. */
  private static final int MIN_BEGINNING = 3;

  private final String misspelt;
  private final int limit;
  private final TreeSet<String> closest = new TreeSet<>();

  /** The distance of the words in {@link #closest}. One more than the limit: a beginning. */
  private int least;

  /**
   * Starts without words.
   *
   * @param misspelt the word that was typed
   */
  public ClosestWords(String misspelt) {
    this.misspelt = misspelt;
    this.limit = Math.min(MAX_EDITS, misspelt.length() / CHARACTERS_AN_EDIT);
    this.least = limit + 1;
  }

  /**
   * Adds a word that exists.
   *
   * @param word the word
   */
  public void add(String word) {
    int distance = distanceOf(word);
    if (distance > least) {
      return;
    }
    if (distance < least) {
      closest.clear();
      least = distance;
    }
    closest.add(word);
    if (closest.size() > MAX_WORDS) {
      closest.pollLast();
    }
  }

  /** {@return the number of edits; for a word that the misspelt one begins, one above the limit} */
  private int distanceOf(String word) {
    int edits = EditDistance.of(misspelt, word, limit);
    if (edits <= limit) {
      return edits;
    }
    boolean isBeginning = misspelt.length() >= MIN_BEGINNING && word.startsWith(misspelt);
    return isBeginning ? limit + 1 : Integer.MAX_VALUE;
  }

  /** {@return the closest words in their order; at most {@link #MAX_WORDS}} */
  public ImmutableList<String> get() {
    return ImmutableList.copyOf(closest);
  }

  /**
   * {@return the words that are spelt most like a misspelt word}
   *
   * @param misspelt the word that was typed
   * @param words the words that exist
   */
  public static ImmutableList<String> among(Iterable<String> words, String misspelt) {
    ClosestWords closest = new ClosestWords(misspelt);
    words.forEach(closest::add);
    return closest.get();
  }
}
