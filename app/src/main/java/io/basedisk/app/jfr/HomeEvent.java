package io.basedisk.app.jfr;

import com.google.common.base.Joiner;
import com.google.common.base.VerifyException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.KeepReason;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.Intent;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * An event of any kind, as Flight Recorder stores it. Loading this class registers the event type.
 *
 * <p>The components of the event's record fill the fields by their types, so that a new kind of
 * event is recorded without a change here. If a component has no field of its type, or the field is
 * taken already, the component is written to {@link #detail} with its name.
 */
@Name("io.basedisk.Event")
@Label("Event")
@Category("basedisk")
@Description("What an operation did, or what happened in a home, once it is durable")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // Flight Recorder reads the fields.
final class HomeEvent extends jdk.jfr.Event {

  @Label("Kind")
  @Description("The name of the event in the API, such as Forked")
  private final String kind;

  @Label("Operation id")
  @Description("The same for all events of an operation; 0 if the event belongs to none")
  private final long operationId;

  @Label("Operation")
  @Description("What an operation does as a whole, if the event is about that")
  private @Nullable String operation;

  @Label("Box")
  @Description("The box, or the first of several")
  private @Nullable String box;

  @Label("Boxes")
  @Description("How many boxes the event is about; of a clone, how many are new")
  private int boxes;

  @Label("Base")
  private @Nullable String base;

  @Label("Kind of base")
  private @Nullable String baseKind;

  @Label("Name")
  @Description("The name of a snapshot or the key of a rootfs")
  private @Nullable String name;

  @Label("Path")
  private @Nullable String path;

  @Label("Bytes")
  @Description("The length of a new base, or what the removal of a file freed")
  @DataAmount
  private long bytes;

  @Label("Time taken")
  @Description("How long an operation took that is complete")
  @Timespan(Timespan.NANOSECONDS)
  private long took;

  @Label("Detail")
  @Description("What else the event says, such as a reason")
  private @Nullable String detail;

  private HomeEvent(Event event) {
    kind = event.getClass().getSimpleName();
    operationId = event.operation().map(OperationId::value).orElse(0L);
  }

  /** {@return the recorded form of an event} */
  static HomeEvent of(Event event) {
    HomeEvent recorded = new HomeEvent(event);
    List<String> details = new ArrayList<>();
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      Object value = valueOf(component, event);
      if (value != null && !recorded.take(value)) {
        details.add(component.getName() + ": " + textOf(value));
      }
    }
    recorded.detail = details.isEmpty() ? null : Joiner.on("; ").join(details);
    return recorded;
  }

  private static @Nullable Object valueOf(RecordComponent component, Event event) {
    try {
      return component.getAccessor().invoke(event);
    } catch (ReflectiveOperationException impossible) {
      throw new VerifyException("the accessors of public records are public", impossible);
    }
  }

  /**
   * Sets the field of the value's type. Returns false if there is no such field or it is set
   * already.
   */
  private boolean take(Object value) {
    if (value instanceof Intent intent) {
      take(intent);
    } else if (value instanceof BaseDisk made) {
      take(made);
    } else if (value instanceof BoxId id && box == null) {
      box = id.value();
      boxes = 1;
    } else if (value instanceof Collection<?> several) {
      boxes = several.size();
    } else if (value instanceof BaseDiskId id) {
      base = id.value();
    } else if (value instanceof BaseName given && name == null) {
      name = given.value();
    } else if (value instanceof Path file && path == null) {
      path = file.toString();
    } else if (value instanceof Long freed) {
      bytes = freed;
    } else if (value instanceof Duration time) {
      took = time.toNanos();
    } else {
      return isOperationId(value);
    }
    return true;
  }

  private void take(Intent intent) {
    operation = intent.operation().label();
    box = intent.boxes().isEmpty() ? null : intent.boxes().get(0).box().value();
    boxes = intent.boxes().size();
  }

  private void take(BaseDisk made) {
    base = made.id().value();
    baseKind = made.kind().label();
    name = made.name() == null ? null : made.name().value();
    bytes = made.diskInfo().sizeBytes();
    take(made.sourceBoxId());
  }

  /** {@return whether the value is the operation's id, which has its own field} */
  private static boolean isOperationId(Object value) {
    return value instanceof OperationId || value instanceof Optional;
  }

  private static String textOf(Object value) {
    return value instanceof KeepReason reason ? reason.describe() : value.toString();
  }
}
