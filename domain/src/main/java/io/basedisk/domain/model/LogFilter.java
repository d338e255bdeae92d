package io.basedisk.domain.model;

import com.google.common.base.Preconditions;
import org.jspecify.annotations.Nullable;

/**
 * A filter for entries of the log. To follow the log, list with the number of the last entry in
 * {@link #after(long)}, again and again.
 *
 * @param box matches entries that name this box; null matches all
 * @param after matches entries with a greater number; 0 matches all
 * @param limit how many of the matching entries to list at most, the newest; at least 1
 */
public record LogFilter(@Nullable BoxId box, long after, int limit) {

  /** Every entry. */
  public static final LogFilter ALL = new LogFilter(null, 0, Integer.MAX_VALUE);

  /**
   * Checks the values.
   *
   * @param box see {@link #box}
   * @param after see {@link #after}
   * @param limit see {@link #limit}
   * @throws IllegalArgumentException if a value is out of range
   */
  public LogFilter {
    Preconditions.checkArgument(after >= 0, "entries after %s", after);
    Preconditions.checkArgument(limit >= 1, "a limit of %s entries", limit);
  }

  /**
   * {@return this filter, for entries that name a box}
   *
   * @param value the box, which need not exist any more; null for entries of any box
   */
  public LogFilter on(@Nullable BoxId value) {
    return new LogFilter(value, after, limit);
  }

  /**
   * {@return this filter, for entries after another}
   *
   * @param number the other entry's number; 0 for all
   */
  public LogFilter after(long number) {
    return new LogFilter(box, number, limit);
  }

  /**
   * {@return this filter with a limit}
   *
   * @param entries the most entries, at least 1
   */
  public LogFilter newest(int entries) {
    return new LogFilter(box, after, entries);
  }

  /**
   * {@return whether an entry matches, apart from the limit}
   *
   * @param entry the entry
   */
  public boolean matches(LogEntry entry) {
    return entry.number() > after && (box == null || entry.change().boxes().contains(box));
  }
}
