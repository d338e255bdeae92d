package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** Repeated figures of the same work, in seconds or in bytes. */
record Samples(ImmutableList<Double> values) {

  static Samples of(List<Double> values) {
    return new Samples(ImmutableList.copyOf(values));
  }

  double median() {
    return quantile(0.5);
  }

  double lowerQuartile() {
    return quantile(0.25);
  }

  double upperQuartile() {
    return quantile(0.75);
  }

  private double quantile(double part) {
    List<Double> sorted = ImmutableList.sortedCopyOf(values);
    double at = part * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }

  /**
   * {@return the ratios to the figures of another contestant, pair by pair} A disturbance of the
   * machine slows both of a pair.
   */
  Samples by(Samples other) {
    ImmutableList.Builder<Double> ratios = ImmutableList.builder();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / other.values.get(i));
    }
    return new Samples(ratios.build());
  }
}
