package io.basedisk.micrometer;

import com.google.common.base.CaseFormat;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.port.EventListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Counts and times the operations of a home in a {@link MeterRegistry}.
 *
 * <pre>{@code
 * BaseDisks.builder().home(home).listener(new MetricsListener(registry)).open();
 * }</pre>
 *
 * <p>Every tag has a fixed set of values: no meter has the name of a box, a base or a file. So the
 * number of meters does not grow with the home. A refused call sends no event and is not counted.
 * Thread-safe.
 */
public final class MetricsListener implements EventListener {

  /** Timer of complete operations, with the tag {@code operation}. Includes waits for others. */
  public static final String OPERATION = "basedisk.operation";

  /**
   * Counter of operations that failed or whose process died, with the tags {@code operation} and
   * {@code outcome}: {@code rolled_back}, {@code rolled_forward} or {@code left_undecided}.
   */
  public static final String SETTLED = "basedisk.operations.settled";

  /** Counter of all events, with the tag {@code event}: {@code box_created}, {@code forked} etc. */
  public static final String EVENTS = "basedisk.events";

  /**
   * Counter of new bases, with the tag {@code kind}. Not "created": Prometheus drops that from the
   * end of a name.
   */
  public static final String BASES_MADE = "basedisk.bases.made";

  /** Counter of bases that a collection kept, with the tag {@code reason}. */
  public static final String BASES_KEPT = "basedisk.bases.kept";

  /** Counter of freed bytes, with the tag {@code event}: {@code collected} or {@code swept}. */
  public static final String FREED = "basedisk.freed";

  private static final String EVENT_TAG = "event";
  private static final String OPERATION_TAG = "operation";

  private final MeterProvider<Timer> operations;
  private final MeterProvider<Counter> settled;
  private final MeterProvider<Counter> events;
  private final MeterProvider<Counter> created;
  private final MeterProvider<Counter> kept;
  private final MeterProvider<Counter> freed;

  /**
   * Counts in a registry.
   *
   * @param registry the registry
   */
  public MetricsListener(MeterRegistry registry) {
    this(registry, Tags.empty());
  }

  /**
   * Counts in a registry, with tags of the caller that tell several homes apart.
   *
   * @param registry the registry
   * @param tags the tags of every meter
   */
  public MetricsListener(MeterRegistry registry, Iterable<Tag> tags) {
    operations =
        Timer.builder(OPERATION)
            .description("Complete operations, with the time that they waited for others")
            .tags(tags)
            .withRegistry(registry);
    settled = counter(SETTLED, "Failed operations, by how they were settled", tags, registry);
    events = counter(EVENTS, "Events, by kind", tags, registry);
    created = counter(BASES_MADE, "New bases, by kind", tags, registry);
    kept = counter(BASES_KEPT, "Bases that a collection kept, by reason", tags, registry);
    freed =
        Counter.builder(FREED)
            .description("Space that the removal of files freed")
            .baseUnit("bytes")
            .tags(tags)
            .withRegistry(registry);
  }

  private static MeterProvider<Counter> counter(
      String name, String description, Iterable<Tag> tags, MeterRegistry registry) {
    return Counter.builder(name).description(description).tags(tags).withRegistry(registry);
  }

  @Override
  public void on(Event event) {
    String kind = nameOf(event);
    events.withTag(EVENT_TAG, kind).increment();
    if (event instanceof Event.Performed performed) {
      operations
          .withTag(OPERATION_TAG, performed.intent().operation().label())
          .record(performed.took());
    } else if (event instanceof Event.OfIntent end) {
      settled
          .withTags(OPERATION_TAG, end.intent().operation().label(), "outcome", kind)
          .increment();
    } else if (event instanceof Event.Forked forked) {
      countBase(forked.base().kind());
    } else if (event instanceof Event.Copied copied) {
      countBase(copied.base().kind());
    } else if (event instanceof Event.RootfsAdded added) {
      countBase(added.base().kind());
    } else if (event instanceof Event.BaseAdopted adopted) {
      countBase(adopted.base().kind());
    } else if (event instanceof Event.Kept stays) {
      kept.withTag("reason", nameOf(stays.reason())).increment();
    } else if (event instanceof Event.Collected collected) {
      freed.withTag(EVENT_TAG, kind).increment((double) collected.freedBytes());
    } else if (event instanceof Event.Swept swept) {
      freed.withTag(EVENT_TAG, kind).increment((double) swept.freedBytes());
    }
  }

  private void countBase(BaseDiskKind kind) {
    created.withTag("kind", kind.label()).increment();
  }

  /** {@return the name of a record's type, one of a sealed interface: {@code rolled_back}} */
  private static String nameOf(Object one) {
    return CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, one.getClass().getSimpleName());
  }
}
