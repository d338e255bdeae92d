package io.basedisk.micrometer;

import com.google.common.collect.ImmutableMultiset;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.space.SpaceReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of a home's size, with the figures of the last report. A report takes time that grows with
 * the home, so a scrape of the gauges makes none: the application decides when it calls {@link
 * #update}.
 *
 * <pre>{@code
 * HomeGauges gauges = new HomeGauges(registry);
 * scheduler.scheduleWithFixedDelay(
 *     () -> gauges.update(disks.space().ofHome()), 0, 10, TimeUnit.MINUTES);
 * }</pre>
 *
 * <p>Before the first update, the gauges are not a number. Thread-safe.
 */
public final class HomeGauges {

  /** Gauge of the number of bases, with the tag {@code kind}. */
  public static final String BASES = "basedisk.home.bases";

  /** Gauge of the number of boxes. */
  public static final String BOXES = "basedisk.home.boxes";

  /** Gauge of the bytes that all files of the home occupy. */
  public static final String ALLOCATED = "basedisk.home.allocated";

  /** Gauge of the bytes that a collection would free. */
  public static final String RECLAIMABLE = "basedisk.home.reclaimable";

  /** The figures of a report, without its lists. */
  private record Figures(
      ImmutableMultiset<BaseDiskKind> bases,
      int boxes,
      long allocatedBytes,
      long reclaimableBytes) {

    static Figures of(SpaceReport report) {
      return new Figures(
          report.bases().stream()
              .map(space -> space.base().kind())
              .collect(ImmutableMultiset.toImmutableMultiset()),
          report.boxes().size(),
          report.allocatedBytes(),
          report.reclaimableBytes());
    }
  }

  private volatile @Nullable Figures last;

  /**
   * Registers the gauges.
   *
   * @param registry the registry
   */
  public HomeGauges(MeterRegistry registry) {
    this(registry, Tags.empty());
  }

  /**
   * Registers the gauges with tags of the caller, which tell several homes apart.
   *
   * @param registry the registry
   * @param tags the tags of every gauge
   */
  public HomeGauges(MeterRegistry registry, Iterable<Tag> tags) {
    for (BaseDiskKind kind : BaseDiskKind.values()) {
      gauge(BASES, "Bases, by kind", figures -> figures.bases().count(kind))
          .tags(tags)
          .tag("kind", kind.label())
          .register(registry);
    }
    gauge(BOXES, "Boxes", Figures::boxes).tags(tags).register(registry);
    gauge(ALLOCATED, "Space that the files of the home occupy", Figures::allocatedBytes)
        .baseUnit("bytes")
        .tags(tags)
        .register(registry);
    gauge(RECLAIMABLE, "Space that a collection would free", Figures::reclaimableBytes)
        .baseUnit("bytes")
        .tags(tags)
        .register(registry);
  }

  /**
   * Sets the gauges.
   *
   * @param report the report on the whole home
   */
  public void update(SpaceReport report) {
    last = Figures.of(report);
  }

  private Gauge.Builder<HomeGauges> gauge(
      String name, String description, ToDoubleFunction<Figures> figure) {
    return Gauge.builder(name, this, gauges -> gauges.valueOf(figure))
        .description(description)
        // The registry keeps this object: a caller need not.
        .strongReference(true);
  }

  private double valueOf(ToDoubleFunction<Figures> figure) {
    Figures figures = last;
    return figures == null ? Double.NaN : figure.applyAsDouble(figures);
  }
}
