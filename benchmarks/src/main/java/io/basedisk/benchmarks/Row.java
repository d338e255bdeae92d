package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result for one bar: a line of the table.
 *
 * @param work the bar's work, with details
 * @param where the file system or the JVM
 * @param ours basedisk's figures; empty if the work failed
 * @param peer the peer's figures; empty without a ratio
 * @param limit figures of the fastest known way on this machine; empty if unknown
 * @param unit the unit of all figures
 * @param failure the reason, if the work failed
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

  /** The unit of figures. */
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

  /** {@return the result of work that only has to succeed} */
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

  /** {@return whether the median ratio meets the bar} */
  boolean isMet() {
    return failure == null && ratios().map(all -> all.median() <= bar.maxRatio()).orElse(true);
  }

  /**
   * {@return whether the lower quartile of the ratio misses the bar too, which is more than the
   * spread}
   */
  boolean isBehind() {
    return failure != null
        || ratios().map(all -> all.lowerQuartile() > bar.maxRatio()).orElse(false);
  }
}
