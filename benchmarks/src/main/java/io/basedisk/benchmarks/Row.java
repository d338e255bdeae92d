package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table: what was measured for one bar.
 *
 * @param work what the bar says, and what more is to be said of it
 * @param where the file system, or the JVM
 * @param ours empty if it failed
 * @param peer empty where there is no ratio
 * @param limit what the machine can do at most, where that is known
 * @param unit of all figures
 * @param failure why it is not met, if it failed
 */
record Row(
    Bar bar,
    String work,
    String where,
    Optional<Samples> ours,
    Optional<Samples> peer,
    Optional<Samples> limit,
    Unit unit,
    @Nullable String failure) {

  /** What the figures are. */
  enum Unit {
    SECONDS,
    BYTES
  }

  static Row seconds(Bar bar, String where, Samples ours, Samples peer, @Nullable Samples limit) {
    return of(bar, where, ours, peer, limit, Unit.SECONDS);
  }

  static Row bytes(Bar bar, String where, Samples ours, Samples peer) {
    return of(bar, where, ours, peer, null, Unit.BYTES);
  }

  /** Returns the row of something that only had to succeed. */
  static Row success(Bar bar, String what, String where, double seconds) {
    return new Row(
        bar,
        bar.work() + what,
        where,
        Optional.of(Samples.of(ImmutableList.of(seconds))),
        Optional.empty(),
        Optional.empty(),
        Unit.SECONDS,
        null);
  }

  static Row failure(Bar bar, String what, String where, String reason) {
    return new Row(
        bar,
        bar.work() + what,
        where,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Unit.SECONDS,
        reason);
  }

  private static Row of(
      Bar bar, String where, Samples ours, Samples peer, @Nullable Samples limit, Unit unit) {
    return new Row(
        bar,
        bar.work(),
        where,
        Optional.of(ours),
        Optional.of(peer),
        Optional.ofNullable(limit),
        unit,
        null);
  }

  Optional<Samples> ratios() {
    return ours.flatMap(some -> peer.map(some::by));
  }

  /** Returns whether the median ratio meets the bar. */
  boolean isMet() {
    return failure == null && ratios().map(all -> all.median() <= bar.most()).orElse(true);
  }

  /** Returns whether it is behind its bar by more than the spread: the lower quartile too. */
  boolean isBehind() {
    return failure != null || ratios().map(all -> all.lowerQuartile() > bar.most()).orElse(false);
  }
}
