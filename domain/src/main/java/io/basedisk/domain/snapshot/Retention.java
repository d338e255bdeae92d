package io.basedisk.domain.snapshot;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import io.basedisk.domain.error.InvalidArgumentException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which snapshots of a box stay when old ones are removed: all that at least one of three rules
 * keeps. The rules are those of restic, except that restic also keeps the oldest snapshot while a
 * rule keeps fewer than it may.
 *
 * @param last keeps this many snapshots, the newest; 0 for no such rule
 * @param daily keeps the newest snapshot of each day, for this many of the last days that have one;
 *     0 for no such rule
 * @param weekly as {@code daily}, for weeks, which begin on Monday; 0 for no such rule
 */
public record Retention(int last, int daily, int weekly) {

  /** The rule that keeps a snapshot. */
  public enum Reason {
    /** It is one of the newest. */
    LAST,
    /** It is the newest of its day. */
    DAILY,
    /** It is the newest of its week. */
    WEEKLY
  }

  /**
   * Checks the values.
   *
   * @param last see {@link #last}
   * @param daily see {@link #daily}
   * @param weekly see {@link #weekly}
   * @throws InvalidArgumentException if a value is negative, or all are 0, which would keep nothing
   */
  public Retention {
    if (last < 0 || daily < 0 || weekly < 0) {
      throw new InvalidArgumentException("invalid number of snapshots to keep: it is negative");
    }
    if (last == 0 && daily == 0 && weekly == 0) {
      throw new InvalidArgumentException("no snapshot would be kept: give a number to keep");
    }
  }

  /**
   * {@return the things that stay, in their order, each with the rules that keep it}
   *
   * @param newestFirst all things, the newest first
   * @param takenAt the time of each
   * @param zone the time zone in which days and weeks begin
   */
  <T> ImmutableSetMultimap<T, Reason> kept(
      List<T> newestFirst, Function<? super T, Instant> takenAt, ZoneId zone) {
    Periods<Integer> numbers = new Periods<>(last);
    Periods<LocalDate> days = new Periods<>(daily);
    Periods<LocalDate> weeks = new Periods<>(weekly);
    ImmutableSetMultimap.Builder<T, Reason> kept = ImmutableSetMultimap.builder();
    int number = 0;
    for (T thing : newestFirst) {
      LocalDate day = takenAt.apply(thing).atZone(zone).toLocalDate();
      ImmutableSet.Builder<Reason> reasons = ImmutableSet.builder();
      if (numbers.isFirstOf(number++)) {
        reasons.add(Reason.LAST);
      }
      if (days.isFirstOf(day)) {
        reasons.add(Reason.DAILY);
      }
      if (weeks.isFirstOf(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)))) {
        reasons.add(Reason.WEEKLY);
      }
      kept.putAll(thing, reasons.build());
    }
    return kept.build();
  }

  /** The periods that have a snapshot, up to a limit. */
  private static final class Periods<P> {

    private final int limit;
    private final Set<P> seen = new HashSet<>();

    Periods(int limit) {
      this.limit = limit;
    }

    /** {@return whether the period is within the limit, and new} */
    boolean isFirstOf(P period) {
      return seen.size() < limit && seen.add(period);
    }
  }
}
